import type { Device, Frame } from '../../../shared/contracts/devices.ts';

/** The log as text for those who help: device, state, then a line a frame, the newest first, tabs between. */
export function logText(device: Device, frames: readonly Frame[]): string {
  const { kind, url, state } = device;
  return [
    `${kind}\t${url ?? ''}\t${state.state}\t${state.code}`,
    ...[...frames]
      .reverse()
      .map(
        ({ at, what, bytes, shown, cut }) =>
          `${at}\t${what}\t${String(bytes)}\t${shown}${cut ? '…' : ''}`,
      ),
    '',
  ].join('\n');
}
