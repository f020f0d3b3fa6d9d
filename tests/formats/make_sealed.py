"""Encrypts fixtures of this folder: `sealed-*` with the password that Excel
supplies by itself, `locked-*` with another one. The old formats follow [MS-XLS]
2.2.10 and [MS-OFFCRYPTO] 2.3.5 and 2.3.6, written here without any regard to the
reader; msoffcrypto-tool encrypts the package, and checks the others.

    pip install msoffcrypto-tool olefile xlwt
    python tests/formats/make_sealed.py
"""

import hashlib
import struct
from pathlib import Path

import msoffcrypto
import olefile
from msoffcrypto.format.ooxml import OOXMLFile
from xlwt.CompoundDoc import XlsDoc

HERE = Path(__file__).parent
PASSWORDS = {"sealed": "VelvetSweatshop", "locked": "anhua2018"}
# BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead.
PLAIN = {0x0809, 0x002F, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138}


def rc4(key):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    while True:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        yield state[(state[i] + state[j]) & 255]


def mixed(data, stream):
    return bytes(byte ^ next(stream) for byte in data)


def md5_key(password, salt):
    once = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    start = hashlib.md5((once + salt) * 16).digest()[:5]
    return lambda block: hashlib.md5(start + struct.pack("<I", block)).digest()


def sha_key(password, salt):
    start = hashlib.sha1(salt + password.encode("utf-16-le")).digest()
    return lambda block: hashlib.sha1(start + struct.pack("<I", block)).digest()[:16]


def old(name, password):
    """The stream of xlwt.xls with a FilePass behind its beginning."""
    source = olefile.OleFileIO(HERE / "xlwt.xls").openstream("Workbook").read()
    salt, verifier = bytes(range(16)), bytes(range(100, 116))
    if name == "rc4":
        key = md5_key(password, salt)
        stream = rc4(key(0))
        body = struct.pack("<HHH", 1, 1, 1) + salt
        body += mixed(verifier, stream) + mixed(hashlib.md5(verifier).digest(), stream)
    else:
        key = sha_key(password, salt)
        stream = rc4(key(0))
        csp = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
        header = struct.pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + csp
        body = struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header
        body += struct.pack("<I", 16) + salt + mixed(verifier, stream)
        body += struct.pack("<I", 20) + mixed(hashlib.sha1(verifier).digest(), stream)
    records, at = [], 0
    while at + 4 <= len(source):
        kind, length = struct.unpack_from("<HH", source, at)
        records.append((kind, source[at + 4 : at + 4 + length]))
        at += 4 + length
        if at < len(source) and source[at:].strip(b"\0") == b"":
            break
    records.insert(1, (0x002F, body))
    made = bytearray()
    for kind, content in records:
        if kind == 0x0085:
            place = struct.unpack_from("<I", content)[0] + 4 + len(body)
            content = struct.pack("<I", place) + content[4:]
        made += struct.pack("<HH", kind, len(content)) + content
    whole = b"".join(
        bytes(next(stream) for _ in range(1024))
        for stream in (rc4(key(block)) for block in range(len(made) // 1024 + 1))
    )
    at = 0
    while at + 4 <= len(made):
        kind, length = struct.unpack_from("<HH", made, at)
        first = at + 4 + (4 if kind == 0x0085 else 0)
        if kind not in PLAIN:
            for byte in range(first, at + 4 + length):
                made[byte] ^= whole[byte]
        at += 4 + length
    return bytes(made)


def main():
    for how, password in PASSWORDS.items():
        with open(HERE / "xlsxwriter.xlsx", "rb") as plain, open(HERE / f"{how}-agile.xlsx", "wb") as out:
            OOXMLFile(plain).encrypt(password, out)
        for name in ("rc4", "cryptoapi"):
            path = HERE / f"{how}-{name}.xls"
            XlsDoc().save(str(path), old(name, password))
            with open(path, "rb") as made:
                msoffcrypto.OfficeFile(made).load_key(password=password)


main()
