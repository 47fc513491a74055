"""A social-security card none of whose commands is answered by code of ours.

Usage: python3 social_security_card.py --port PORT

Commands, file system, records and the link to the virtual reader are those of "Virtual Smart Card" (Debian:
vsmartcard-vpicc), by its authors. Here is only what is written on the card: files and records as LD/T 32 lays them
out, of a person who does not exist. Standard input gives the records, one JSON document:

    {"ef05": [{"tag": 1, "value": "hexadecimal"}, ...], "ef06": [...]}

The card is put in when the program starts and taken out when it ends.
"""
import argparse
import glob
import importlib
import importlib.util
import json
import sys

# Debian's package lies one folder deeper than where Python looks, and asks for the cryptography library by the
# name it has elsewhere.
sys.path[:0] = glob.glob('/usr/lib/python3/*-packages/virtualsmartcard')
for part in ('', '.Cipher', '.Hash', '.Protocol', '.PublicKey', '.Util'):
    sys.modules['Crypto' + part] = importlib.import_module('Cryptodome' + part)


def load_mended(name, line, mended):
    """Loads a module of theirs with one line in other words; a version without that line is taken as it is."""
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    source = spec.loader.get_source(name).replace(line, mended)
    exec(compile(source, spec.origin, 'exec'), module.__dict__)


# Version 3.3 puts the answer to SELECT together in a way that Python 3 refuses: it joins bytes that are joined.
load_mended('virtualsmartcard.TLVutils', 'return b"".join(result)', 'return result')

from virtualsmartcard.ConstantDefinitions import FDB  # noqa: E402
from virtualsmartcard.SmartcardFilesystem import DF, Record, RecordStructureEF  # noqa: E402
from virtualsmartcard.VirtualSmartcard import VirtualICC  # noqa: E402

# sx1.sh.社会保障
APPLICATION = bytes.fromhex('7378312E73682EC9E7BBE1B1A3D5CF')


def fill(application, file_id, records):
    """One file of records that know their tags, in the order given.

    Of their kinds of files the cyclic one is the only one of records of any length that knows tags: for the linear
    one a mask of version 3.3 loses a bit.
    """
    written = []
    for record in records:
        value = bytes.fromhex(record['value'])
        written.append(Record(record['tag'], bytes([record['tag'], len(value)]) + value))
    kind = FDB['EFSTRUCTURE_CYCLIC_SIMPLETLV']
    file = RecordStructureEF(application, file_id, kind, shortfid=file_id & 0x1F, records=written)
    application.append(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--port', type=int, required=True)
    port = parser.parse_args().port
    written = json.load(sys.stdin)
    card = VirtualICC(None, 'iso7816', '127.0.0.1', port, logginglevel=50)
    application = DF(card.os.mf, 0xDF01, dfname=APPLICATION)
    card.os.mf.append(application)
    fill(application, 0xEF05, written['ef05'])
    fill(application, 0xEF06, written['ef06'])
    print('{"in":true}', flush=True)
    card.run()


main()
