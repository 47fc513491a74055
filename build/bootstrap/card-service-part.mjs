// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** The headers of the operating system's card service; on Debian the package libpcsclite-dev brings them. */
const serviceHeaders = '/usr/include/PCSC/winscard.h';

/**
 * Builds the native part of `smartcard`, the only package that brings none ready made, where the machine has a
 * compiler and the headers of the card service. Nothing else is missing without it: readers with an address
 * `pcsc://` then say what to install. node-gyp is not used, for it wants Python, make and Node's whole headers,
 * and the interface of native parts (Node-API) is a few headers only.
 * @param {string} root
 */
export function buildCardServicePart(root) {
  const folder = path.join(root, 'node_modules', 'smartcard');
  const built = path.join(folder, 'build', 'Release', 'smartcard_napi.node');
  if (process.platform !== 'linux' || existsSync(built) || !existsSync(folder)) return;
  if (!existsSync(serviceHeaders) || !hasCompiler()) return;
  console.error('正在编译读卡服务接口，约需半分钟 (building the part for PC/SC readers)…');
  mkdirSync(path.dirname(built), { recursive: true });
  const sources = path.join(folder, 'src');
  const unfinished = `${built}.${String(process.pid)}`;
  const addonHeaders = [
    path.join(folder, 'node_modules', 'node-addon-api'),
    path.join(root, 'node_modules', 'node-addon-api'),
  ].find((each) => existsSync(path.join(each, 'napi.h')));
  const compiled = spawnSync(
    'g++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-pthread', '-fexceptions', '-w'],
      ...['-DNAPI_VERSION=8', '-DNAPI_CPP_EXCEPTIONS', '-DNODE_GYP_MODULE_NAME=smartcard_napi'],
      `-I${path.join(root, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${addonHeaders ?? ''}`,
      `-I${path.dirname(serviceHeaders)}`,
      ...readdirSync(sources)
        .filter((file) => file.endsWith('.cpp'))
        .map((file) => path.join(sources, file)),
      ...['-lpcsclite', '-o', unfinished],
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (compiled.status === 0 && statSync(unfinished).size > 0) {
    renameSync(unfinished, built);
    return;
  }
  console.error('没有编译成功，PC/SC 读卡器暂不能用 (not built: PC/SC readers will not work).');
}

function hasCompiler() {
  return spawnSync('g++', ['--version'], { stdio: 'ignore' }).status === 0;
}
