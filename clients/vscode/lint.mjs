/** Runs Biome, which is pinned for Linux alone, where CI runs: npm ci wants every platform of @biomejs/biome in the lock. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const biome = `node_modules/@biomejs/cli-${process.platform}-${process.arch}/biome`;
if (existsSync(biome)) {
  process.exitCode = spawnSync(biome, ['check', '--error-on-warnings', ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} else {
  console.warn(`Not linted: ${biome} is not there.`);
}
