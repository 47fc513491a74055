import { crc32, deflateSync } from 'node:zlib';

import type { GlyphOutline, PaperFonts } from './paper-fonts.ts';

/**
 * A slip as a PNG picture, drawn from its SVG. Only what the slip's layout writes is understood: lines of
 * characters at fixed places, doubled in size, bold, or white on black.
 */
export function receiptPng(svg: string, fonts: PaperFonts): Uint8Array {
  const size = /^<svg width="(\d+)px" height="(\d+)px"/.exec(svg);
  if (size === null) throw new Error('not the picture of a slip');
  const paper = blankPaper(Number(size[1]), Number(size[2]));
  for (const [, y, line] of svg.matchAll(/<g transform="translate\(0,(\d+)\)">(.*?)<\/g>/gs)) {
    for (const [, attributes, spans] of (line ?? '').matchAll(/<text([^>]*)>(.*?)<\/text>/gs)) {
      drawText(paper, fonts, { y: Number(y), attributes: attributes ?? '', spans: spans ?? '' });
    }
  }
  return pngOf(paper);
}

/** Ink from 0 (paper) to 255, row by row. */
type Paper = { readonly width: number; readonly height: number; readonly ink: Uint8Array };

/** The layout sets characters 22 pixels high in lines of 24; the baseline lies this far above the bottom. */
const fontSize = 22;
const lineHeight = 24;
const baseline = 5;
/** Rows per pixel: strokes of small characters would break without. */
const samples = 4;

function blankPaper(width: number, height: number): Paper {
  return { width, height, ink: new Uint8Array(width * height) };
}

type TextElement = { readonly y: number; readonly attributes: string; readonly spans: string };

function drawText(paper: Paper, fonts: PaperFonts, { y, attributes, spans }: TextElement): void {
  const scale = /scale\((\d+),(\d+)\)/.exec(attributes);
  const [scaleX, scaleY] = [Number(scale?.[1] ?? 1), Number(scale?.[2] ?? 1)];
  const inverse = attributes.includes('filter=');
  const bold = attributes.includes('stroke=');
  for (const [, x, written] of spans.matchAll(/<tspan x="(\d+)">(.*?)<\/tspan>/gs)) {
    const character = characterOf(written ?? '');
    const middle = Number(x) * scaleX;
    if (inverse) {
      const half = (character < '\u0100' ? 6 : 12) * scaleX;
      fillBox(paper, middle - half, y - lineHeight * scaleY, middle + half, y);
    }
    const outline = fonts.outlineOf(character);
    if (outline === null) continue;
    const unit = fontSize / outline.unitsPerEm;
    const left = middle - (outline.advance * unit * scaleX) / 2;
    const bottom = y - baseline * scaleY;
    const place = (px: number, py: number): Point => [
      left + px * unit * scaleX,
      bottom - py * unit * scaleY,
    ];
    fillOutline(paper, flatten(outline, place), inverse);
    if (bold)
      fillOutline(
        paper,
        flatten(outline, (px, py) => shifted(place(px, py))),
        inverse,
      );
  }
}

/** Bold strokes are one pixel wider. */
function shifted([x, y]: Point): Point {
  return [x + 1, y];
}

function characterOf(written: string): string {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&apos;': "'",
    '&#xa0;': ' ',
  };
  return entities[written] ?? written;
}

function fillBox(paper: Paper, left: number, top: number, right: number, bottom: number): void {
  for (let y = Math.max(0, top); y < Math.min(paper.height, bottom); y += 1) {
    paper.ink.fill(255, y * paper.width + Math.max(0, left), y * paper.width + right);
  }
}

type Point = readonly [x: number, y: number];
type Edge = { readonly from: Point; readonly to: Point };

/** Curves as short straight pieces: at this size eight are more than the eye sees. */
const curvePieces = 8;

function flatten(outline: GlyphOutline, place: (x: number, y: number) => Point): readonly Edge[] {
  const edges: Edge[] = [];
  let start: Point = [0, 0];
  let pen: Point = [0, 0];
  const lineTo = (to: Point): void => {
    edges.push({ from: pen, to });
    pen = to;
  };
  for (const { command, args } of outline.commands) {
    const points: Point[] = [];
    for (let at = 0; at + 1 < args.length; at += 2)
      points.push(place(args[at] ?? 0, args[at + 1] ?? 0));
    const [first] = points;
    if (command === 'closePath') lineTo(start);
    else if (first === undefined) continue;
    else if (command === 'moveTo') {
      start = first;
      pen = first;
    } else {
      const controls = [pen, ...points];
      const pieces = command === 'lineTo' ? 1 : curvePieces;
      for (let piece = 1; piece <= pieces; piece += 1) lineTo(curveAt(controls, piece / pieces));
    }
  }
  return edges;
}

/** A point of a Bézier curve of any degree (de Casteljau). */
function curveAt(controls: readonly Point[], t: number): Point {
  let points = controls;
  while (points.length > 1) {
    points = points.slice(1).map(([x, y], index) => {
      const [fromX, fromY] = points[index] ?? [x, y];
      return [fromX + (x - fromX) * t, fromY + (y - fromY) * t];
    });
  }
  return points[0] ?? [0, 0];
}

/** Fills by the non-zero rule, with partial ink at the edges of strokes. */
function fillOutline(paper: Paper, edges: readonly Edge[], inverse: boolean): void {
  const heights = edges.flatMap(({ from, to }) => [from[1], to[1]]);
  const top = Math.max(0, Math.floor(Math.min(...heights)));
  const bottom = Math.min(paper.height - 1, Math.ceil(Math.max(...heights)));
  for (let y = top; y <= bottom; y += 1) {
    const row = new Float64Array(paper.width);
    for (let sample = 0; sample < samples; sample += 1) {
      for (const [left, right] of spansAt(edges, y + (sample + 0.5) / samples)) {
        coverSpan(row, left, right);
      }
    }
    for (let x = 0; x < paper.width; x += 1) {
      const cover = Math.min(1, (row[x] ?? 0) / samples) * 255;
      if (cover === 0) continue;
      const at = y * paper.width + x;
      const before = paper.ink[at] ?? 0;
      paper.ink[at] = inverse ? Math.max(0, before - cover) : Math.max(before, cover);
    }
  }
}

function spansAt(edges: readonly Edge[], y: number): readonly (readonly [number, number])[] {
  const crossings = edges.flatMap(({ from, to }) => {
    if (from[1] <= y === to[1] <= y) return [];
    const x = from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0]);
    return [{ x, turn: from[1] < to[1] ? 1 : -1 }];
  });
  crossings.sort((a, b) => a.x - b.x);
  const spans: [number, number][] = [];
  let winding = 0;
  let begun = 0;
  for (const { x, turn } of crossings) {
    if (winding === 0) begun = x;
    winding += turn;
    if (winding === 0) spans.push([begun, x]);
  }
  return spans;
}

function coverSpan(row: Float64Array, left: number, right: number): void {
  const end = Math.min(row.length - 1, Math.floor(right));
  for (let x = Math.max(0, Math.floor(left)); x <= end; x += 1) {
    row[x] = (row[x] ?? 0) + Math.min(x + 1, right) - Math.max(x, left);
  }
}

/** Eight bits of grey, as the PNG specification writes them. */
function pngOf({ width, height, ink }: Paper): Uint8Array {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = 255 - (ink[y * width + x] ?? 0);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
