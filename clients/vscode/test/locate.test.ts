import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProgram, locate, type Surroundings, spawnable } from '../src/locate';

const VENV = '/app/.venv/bin/raincheck';
const NODE = '/app/node_modules/.bin/raincheck';
const INSTALLED = '/usr/bin/raincheck';

interface Place extends Partial<Omit<Surroundings, 'isProgram'>> {
  programs?: readonly string[];
}

function find({ programs = [], ...place }: Place): ReturnType<typeof locate> {
  return locate({
    configured: null,
    folders: ['/app'],
    trusted: true,
    platform: 'linux',
    home: '/home/ada',
    searchPath: '/usr/local/bin:/usr/bin',
    toolFolders: [],
    extension: '/extensions/raincheck',
    isProgram: (path) => programs.includes(path),
    ...place,
  });
}

/** "source: words of the command", or the reason why there is none. */
function said(place: Place): string {
  const result = find(place);
  return 'missing' in result ? result.missing : `${result.source}: ${[result.program, ...result.args].join(' ')}`;
}

function check(name: string, place: Place, expected: string | RegExp): void {
  test(name, () => {
    if (typeof expected === 'string') {
      assert.equal(said(place), expected);
    } else {
      assert.match(said(place), expected);
    }
  });
}

const everywhere = [VENV, NODE, INSTALLED, '/opt/raincheck'];
check('the setting comes first', { configured: '/opt/raincheck', programs: everywhere }, 'setting: /opt/raincheck serve');
check('then the virtual environment', { programs: everywhere }, `workspace: ${VENV} serve`);
check('then node_modules', { programs: [NODE, INSTALLED] }, `workspace: ${NODE} serve`);
check('then PATH', { programs: [INSTALLED] }, `PATH: ${INSTALLED} serve`);
check('PATH in its order', { programs: [INSTALLED, '/usr/local/bin/raincheck'] }, 'PATH: /usr/local/bin/raincheck serve');
check('a later folder of the workspace', { folders: ['/web', '/app'], programs: [VENV] }, `workspace: ${VENV} serve`);
check('no folder is open', { folders: [], programs: everywhere }, `PATH: ${INSTALLED} serve`);
check('nothing is installed', {}, /neither in this workspace's \.venv or node_modules, nor on PATH/);
const BUNDLED = '/extensions/raincheck/server/raincheck';
check(
  'then where uv and pipx install',
  { programs: ['/home/ada/.local/bin/raincheck', BUNDLED] },
  'uv or pipx: /home/ada/.local/bin/raincheck serve',
);
check(
  'where uv is told to install',
  { toolFolders: ['bin', '/tools'], programs: ['/tools/raincheck', 'bin/raincheck', BUNDLED] },
  'uv or pipx: /tools/raincheck serve',
);
check('then in the extension', { programs: [BUNDLED] }, `extension: ${BUNDLED} serve`);
check('an empty PATH', { searchPath: '', programs: ['raincheck'] }, /nor on PATH/);
check('relative entries of PATH', { searchPath: '.:bin:', programs: ['raincheck', 'bin/raincheck'] }, /nor on PATH/);

for (const configured of ['', '  ', [], [''], null, undefined]) {
  check(`nothing configured: ${JSON.stringify(configured)}`, { configured, programs: [VENV] }, `workspace: ${VENV} serve`);
}
check(
  'a list is a program and its words',
  { configured: ['uv', 'run', 'raincheck'], programs: ['/usr/bin/uv'] },
  'setting: /usr/bin/uv run raincheck serve',
);
check('a string is one path, blanks and all', { configured: '/my tools/rc', programs: ['/my tools/rc'] }, 'setting: /my tools/rc serve');
check('home', { configured: '~/bin/rc', programs: ['/home/ada/bin/rc'] }, 'setting: /home/ada/bin/rc serve');
check('relative to the workspace', { configured: './tools/rc', programs: ['/app/tools/rc'] }, 'setting: /app/tools/rc serve');
check('${workspaceFolder}', { configured: '${workspaceFolder}/tools/rc', programs: ['/app/tools/rc'] }, 'setting: /app/tools/rc serve');
check(
  'a setting that names nothing is not passed over',
  { configured: '/opt/gone', programs: everywhere },
  'The setting raincheck.path names "/opt/gone", which is not a program here.',
);

const untrusted = { trusted: false, programs: [VENV, NODE, '/app/tools/rc', INSTALLED] };
check('untrusted: PATH alone', untrusted, `PATH: ${INSTALLED} serve`);
check('untrusted: nothing on PATH', { ...untrusted, searchPath: '' }, /not on PATH.*not trusted, is not searched/);
check('untrusted: PATH leads into the workspace', { ...untrusted, searchPath: '/app/.venv/bin:/usr/bin' }, `PATH: ${INSTALLED} serve`);
check(
  'untrusted: a neighbour of the workspace',
  { trusted: false, searchPath: '/app-tools', programs: ['/app-tools/raincheck'] },
  'PATH: /app-tools/raincheck serve',
);
check('untrusted: in the extension', { trusted: false, programs: [VENV, BUNDLED] }, `extension: ${BUNDLED} serve`);
for (const configured of ['./tools/rc', '${workspaceFolder}/tools/rc', '/app/tools/rc', '/usr/../app/tools/rc']) {
  check(
    `untrusted: the setting is ${configured}`,
    { ...untrusted, configured, programs: [...untrusted.programs, configured] },
    /lies in this workspace.*not trusted/,
  );
}

const windows = { platform: 'win32', folders: ['C:\\app'], home: 'C:\\Users\\ada', searchPath: 'C:\\Tools;D:\\bin' } as const;
check(
  'Windows: Scripts',
  { ...windows, programs: ['C:\\app\\.venv\\Scripts\\raincheck.exe'] },
  'workspace: C:\\app\\.venv\\Scripts\\raincheck.exe serve',
);
check(
  'Windows: the .cmd, not the script beside it',
  { ...windows, programs: ['C:\\app\\node_modules\\.bin\\raincheck', 'C:\\app\\node_modules\\.bin\\raincheck.cmd'] },
  'workspace: C:\\app\\node_modules\\.bin\\raincheck.cmd serve',
);
check('Windows: PATH', { ...windows, programs: ['D:\\bin\\raincheck.exe'] }, 'PATH: D:\\bin\\raincheck.exe serve');
check(
  'Windows: in the extension',
  { ...windows, extension: 'C:\\x', programs: ['C:\\x\\server\\raincheck.exe'] },
  'extension: C:\\x\\server\\raincheck.exe serve',
);
check('Windows: home', { ...windows, configured: '~\\rc', programs: ['C:\\Users\\ada\\rc.exe'] }, 'setting: C:\\Users\\ada\\rc.exe serve');
check(
  'Windows: untrusted, in another case',
  { ...windows, trusted: false, searchPath: 'c:\\APP\\bin', programs: ['c:\\APP\\bin\\raincheck.exe'] },
  /not trusted/,
);

test('a .cmd is quoted and started through the shell', () => {
  const found = { program: 'C:\\my app\\raincheck.cmd', args: ['serve'], source: 'workspace' } as const;
  assert.deepEqual(spawnable(found, 'win32'), { command: '"C:\\my app\\raincheck.cmd"', args: ['"serve"'], shell: true });
});

test('everything else is started directly', () => {
  const found = { program: '/my app/raincheck', args: ['serve'], source: 'PATH' } as const;
  assert.deepEqual(spawnable(found, 'linux'), { command: '/my app/raincheck', args: ['serve'], shell: false });
});

test('what is found on a real disk starts', { skip: process.platform === 'win32' }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'raincheck '));
  t.after(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, '.venv', 'bin');
  const program = join(bin, 'raincheck');
  mkdirSync(bin, { recursive: true });
  writeFileSync(program, '#!/bin/sh\necho "$@"\n');
  const look = (): ReturnType<typeof locate> =>
    locate({
      configured: null,
      folders: [folder],
      trusted: true,
      platform: process.platform,
      home: '/',
      searchPath: '',
      toolFolders: [],
      extension: '/',
      isProgram,
    });

  assert.ok('missing' in look(), 'a file that may not be run is not a program');
  chmodSync(program, 0o755);
  const found = look();
  assert.ok('program' in found);
  const { command, args, shell } = spawnable(found, process.platform);
  assert.equal(spawnSync(command, args, { shell, encoding: 'utf8' }).stdout, 'serve\n');
  assert.ok(!isProgram(bin), 'a folder is not a program');
});
