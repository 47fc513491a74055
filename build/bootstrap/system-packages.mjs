// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

/** Which feature stands still without the package: said to whoever has to install it. */
const purposes = /** @type {Record<string, string>} */ ({
  'libusb-1.0-0': '读卡器与打印机 (USB readers and printers)',
  udev: '查找串口设备 (finding serial devices)',
  'fonts-hanazono': '姓名中的生僻字 (rare characters in names)',
  chromium: '浏览器测试 (tests in a browser)',
  'fonts-noto-cjk': '浏览器测试中的中文 (Chinese in tests)',
  socat: '模拟串口 (simulated serial lines)',
  pcscd: '读卡服务测试 (tests of the card service)',
  'vsmartcard-vpcd': '虚拟社保卡 (virtual social-security cards in tests)',
  'python3-virtualsmartcard': '他人编写的虚拟卡 (a virtual card of others, in tests)',
  'python3-pycryptodome': '他人编写的虚拟卡 (a virtual card of others, in tests)',
  'libpcsclite-dev': '编译读卡服务接口 (building the part for PC/SC readers)',
  'g++': '编译读卡服务接口 (building the part for PC/SC readers)',
  postgresql: '医院数据库与语句检查 (a hospital database in tests)',
  'mariadb-server-core': '医院数据库 (a hospital database in tests)',
  'openssh-server': '支付方的文件服务器 (a payer’s SFTP server in tests)',
  'poppler-utils': '检查打印的 PDF (reading printed PDFs)',
  nsis: '编译 Windows 安装程序 (compiling the installer for Windows)',
});

/** Where apt keeps what the archive has. */
const aptLists = '/var/lib/apt/lists';
/** Older lists may name what the archive has replaced since. */
const listsGoodForMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Installs the Debian packages that are not there, where this user may; otherwise says what to run. When
 * `must`, the command ends here if they stay missing. All are installed at once; whether apt must first ask
 * what the archive has is decided before, by its lists.
 * @param {readonly string[]} packages
 * @param {boolean} must
 * @param {string} lists
 */
export function installSystemPackages(packages, must, lists = aptLists) {
  if (packages.length === 0 || !existsSync('/usr/bin/dpkg-query')) return;
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  for (const name of missing) console.error(`缺少 Debian 软件包 ${name}：${purposes[name] ?? ''}`);
  if (process.getuid?.() === 0) {
    console.error(`正在安装 (installing): ${missing.join(' ')}`);
    const current = areCurrent(lists);
    if (!current) aptGet(['update']);
    if (!aptInstall(missing) && current) {
      // The archive has moved on since the lists were fetched.
      aptGet(['update']);
      aptInstall(missing);
    }
  }
  const still = missingPackages(missing);
  if (still.length === 0) return;
  console.error('请以管理员身份运行 (run as root):');
  console.error(`  apt-get update && apt-get install --no-install-recommends ${still.join(' ')}`);
  if (must) process.exit(1);
}

/**
 * Whether apt knows what the archive has: a bare Debian has no list of packages at all.
 * @param {string} lists
 */
function areCurrent(lists) {
  if (!existsSync(lists) || !readdirSync(lists).some((name) => name.includes('_Packages'))) {
    return false;
  }
  return Date.now() - statSync(lists).mtimeMs < listsGoodForMs;
}

/** @param {readonly string[]} packages */
function missingPackages(packages) {
  const asked = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${db:Status-Status} ${Package}\n', ...packages],
    {
      encoding: 'utf8',
    },
  );
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
  return packages.filter((name) => !installed.has(name));
}

/** @param {readonly string[]} packages */
function aptInstall(packages) {
  return aptGet(['install', '-y', '--no-install-recommends', ...packages]);
}

/** @param {readonly string[]} args */
function aptGet(args) {
  const ran = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return ran.status === 0;
}
