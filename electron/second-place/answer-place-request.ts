import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

import { placeKeys } from './place-format.ts';
import { makePlaceFolder, pieceBytes, piecesOf, placeDisk, type PlaceDisk } from './place-disk.ts';
import { physicalDisks } from './physical-disks.ts';
import { onDisk } from './place-problem.ts';
import type { PlaceAnswer, PlaceOf, PlaceRequest } from './place-requests.ts';
import { PlaceWriter, type PlaceTail } from './place-writer.ts';

/**
 * Answers the requests of one program, all in turn, and knows the place between them. `diskOf` is the disk of a
 * place: the real one, or a test's that is full, slow or gone.
 */
export function placeAnswers(
  now: () => Date,
  diskOf: (place: string) => PlaceDisk = placeDisk,
): (request: PlaceRequest) => PlaceAnswer {
  let known: { readonly of: string; readonly writer: PlaceWriter } | null = null;
  const writerOf = ({ place, folder, key, term }: PlaceOf): PlaceWriter => {
    const of = JSON.stringify([place, folder.id, term]);
    if (known?.of === of) return known.writer;
    const writer = new PlaceWriter(diskOf(place), placeKeys(key), { folder, term, now });
    known = { of, writer };
    return writer;
  };
  return (request) => {
    const writer = writerOf(request);
    switch (request.kind) {
      case 'prepare': {
        onDisk(() => {
          makePlaceFolder(request.place);
        });
        writer.prepare();
        return { kind: 'prepared', sameDisk: isSameDisk(request) };
      }
      case 'look':
        return tailOf(request, writer.look());
      case 'append':
        return tailOf(request, writer.append(request.rows, request.schema));
      case 'begin-base':
        writer.beginBase();
        return { kind: 'piece', to: 0, whole: false };
      case 'add-to-base': {
        const piece = pieceAt(request.file, request.from);
        if (piece.length > 0) writer.addToBase(piece);
        return { kind: 'piece', to: request.from + piece.length, whole: piece.length < pieceBytes };
      }
      case 'end-base': {
        const hash = createHash('sha256');
        let bytes = 0;
        for (const piece of piecesOf(request.file)) {
          hash.update(piece);
          bytes += piece.length;
        }
        const facts = { ...request.facts, bytes, sha256: hash.digest('hex') };
        return tailOf(request, writer.endBase(facts, request.files));
      }
    }
  };
}

function tailOf(of: PlaceOf, tail: PlaceTail): PlaceAnswer {
  return { kind: 'tail', tail, sameDisk: isSameDisk(of) };
}

/** One file system, or two on one disk where the system says on which they are. */
function isSameDisk({ place, home }: PlaceOf): boolean {
  const [one, other] = onDisk(() => [statSync(place).dev, statSync(home).dev] as const);
  if (one === other) return true;
  const disks = new Set(physicalDisks(one));
  return physicalDisks(other).some((disk) => disks.has(disk));
}

function pieceAt(file: string, from: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    return piece.subarray(0, readSync(opened, piece, 0, pieceBytes, from));
  } finally {
    closeSync(opened);
  }
}
