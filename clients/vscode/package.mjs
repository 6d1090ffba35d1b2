/**
 * Packs dist/raincheck.vsix: with the server in it, for this platform alone, where `make bundle` has built one; without, for
 * all platforms.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';

const BUNDLE = '../../build/bundle/raincheck';
const program = process.platform === 'win32' ? 'raincheck.exe' : 'raincheck';
const bundled = existsSync(`${BUNDLE}/${program}`);

rmSync('server', { recursive: true, force: true });
if (bundled) {
  cpSync(BUNDLE, 'server', { recursive: true });
}
const target = bundled ? ['--target', `${process.platform}-${process.arch}`] : [];
const options = ['package', '--no-dependencies', '--allow-missing-repository', '--out', 'dist/raincheck.vsix', ...target];
const { status } = spawnSync(process.execPath, ['node_modules/@vscode/vsce/vsce', ...options], { stdio: 'inherit' });
rmSync('server', { recursive: true, force: true });
process.exitCode = status ?? 1;
