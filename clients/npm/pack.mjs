// Packs the npm packages into build/npm/: `raincheck`, and the executable of this platform, which `make bundle` made.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILD = join(HERE, '..', '..', 'build');
const OUT = join(BUILD, 'npm');
const LICENSE = join(HERE, '..', '..', 'LICENSE');
const launcher = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));

const { platform, arch } = process;
const name = `@raincheck/${platform}-${arch}`;

function pack(manifest, contents) {
  const folder = mkdtempSync(join(tmpdir(), 'raincheck-npm-'));
  try {
    for (const [from, to] of [...contents, [LICENSE, 'LICENSE']]) {
      cpSync(from, join(folder, to), { recursive: true });
    }
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const npm = ['pack', '--silent', '--pack-destination', OUT];
    execFileSync('npm', npm, { cwd: folder, stdio: 'inherit', shell: platform === 'win32' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

mkdirSync(OUT, { recursive: true });
pack(launcher, [
  [join(HERE, 'bin'), 'bin'],
  [join(HERE, 'README.md'), 'README.md'],
]);
pack(
  {
    name,
    version: launcher.version,
    description: `The executable of raincheck for ${platform} on ${arch}.`,
    license: launcher.license,
    os: [platform],
    cpu: [arch],
    ...(platform === 'linux' && { libc: ['glibc'] }),
    files: ['raincheck'],
  },
  [[join(BUILD, 'bundle', 'raincheck'), 'raincheck']],
);
