//! What changed between two runs, with the cause that it is.

/// An entry that is not as it was, or what stands of a form in a return.
pub(super) struct Changed {
    pub units: [String; 2],
    pub member: String,
    pub form: String,
    pub cause: String,
}
