import type { Device, DeviceKind } from '../../../shared/contracts/devices.ts';

/** Kinds of devices one may connect. */
export type SetUpKind = Exclude<DeviceKind, 'reader'>;

/** What is written or typed to connect a device; the same in every language. */
export type SetUpExample = {
  /** The setting that holds the address. */
  readonly setting: 'reader-url' | 'printer-url';
  /** The usual address first. */
  readonly addresses: readonly string[];
  /** What lets the user at the window open the device. */
  readonly linuxCommands: readonly string[];
  readonly windowsAddress: string;
};

const joinDialout = ['sudo usermod -aG dialout $USER'];

/** `uaccess` gives the device to whoever sits at the machine; it counts only in rules before 73. */
const hidRule = (vendor: string, product: string): readonly string[] => [
  `echo 'KERNEL=="hidraw*", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", TAG+="uaccess"' | sudo tee /etc/udev/rules.d/70-settlement-window.rules`,
  'sudo udevadm control --reload',
];

export const setUpExamples: Readonly<Record<SetUpKind, SetUpExample>> = {
  'resident-id-reader': {
    setting: 'reader-url',
    addresses: ['serial:///dev/ttyUSB0?protocol=sam-v&baud=115200'],
    linuxCommands: joinDialout,
    windowsAddress: 'serial:///COM3?protocol=sam-v&baud=115200',
  },
  'social-security-reader': {
    setting: 'reader-url',
    addresses: [
      'pcsc://',
      'pcsc://Reader%20Name',
      'serial:///dev/ttyUSB1?protocol=ccid&baud=115200',
    ],
    linuxCommands: [
      'sudo apt install pcscd pcsc-tools',
      'sudo systemctl enable --now pcscd.socket',
    ],
    windowsAddress: 'pcsc://',
  },
  scanner: {
    setting: 'reader-url',
    addresses: ['hid://0c2e:0b61?protocol=pos-scanner', 'serial:///dev/ttyACM0?protocol=scanner'],
    linuxCommands: hidRule('0c2e', '0b61'),
    windowsAddress: 'hid://0c2e:0b61?protocol=pos-scanner',
  },
  'stripe-reader': {
    setting: 'reader-url',
    addresses: ['hid://257b:3031?protocol=magnetic-stripe'],
    linuxCommands: hidRule('257b', '3031'),
    windowsAddress: 'hid://257b:3031?protocol=magnetic-stripe',
  },
  printer: {
    setting: 'printer-url',
    addresses: [
      'tcp://192.168.1.20:9100?model=generic-80',
      'serial:///dev/ttyUSB1?model=generic-80&baud=9600',
    ],
    linuxCommands: joinDialout,
    windowsAddress: 'serial:///COM4?model=generic-80&baud=9600',
  },
};

/** The kinds that help is shown for: of one whose kind is not known, every kind of reader. */
export function setUpKinds(kind: DeviceKind): readonly SetUpKind[] {
  return kind === 'reader'
    ? ['resident-id-reader', 'social-security-reader', 'scanner', 'stripe-reader']
    : [kind];
}

/**
 * The command that writes an address. A setting is written whole: the readers that stay stand in it too, the one it
 * is about by its own address if it has one.
 */
export function settingCommand(
  { setting }: SetUpExample,
  address: string,
  devices: readonly Device[],
): string {
  const others =
    setting === 'printer-url'
      ? []
      : devices.flatMap(({ kind, url, simulated }) =>
          kind === 'printer' || url === null || simulated ? [] : [url],
        );
  const addresses = others.includes(address) ? others : [...others, address];
  return `npm run -s cli -- settings ${setting} '${addresses.join(' ')}'`;
}
