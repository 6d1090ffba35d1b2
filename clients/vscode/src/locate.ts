/**
 * Finds the program that runs Raincheck: the setting, then the workspace's own environment, then what is installed for
 * this user (on PATH, or where uv and pipx put programs), then what lies in the extension.
 *
 * It never runs `uvx raincheck` or `pipx run raincheck`, which would fetch a program when they have none.
 * A workspace that is not trusted chooses nothing: no program that lies in it is started, whoever names it.
 * The file system is asked through `isProgram`; this module knows nothing of VS Code.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export interface Surroundings {
  /** The setting `raincheck.path`: a program, a program and its words, or nothing. */
  readonly configured: string | readonly string[] | null | undefined;
  /** The workspace's folders, absolute, in the order in which VS Code shows them. */
  readonly folders: readonly string[];
  readonly trusted: boolean;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** PATH as the environment holds it. */
  readonly searchPath: string;
  /** What the variables of TOOL_FOLDERS hold. */
  readonly toolFolders: readonly string[];
  /** The extension's own folder. */
  readonly extension: string;
  readonly isProgram: (path: string) => boolean;
}

export interface Found {
  /** An absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly source: 'setting' | 'workspace' | 'PATH' | 'uv or pipx' | 'extension';
}

export interface Missing {
  /** Why nothing was found, in one sentence. */
  readonly missing: string;
}

/** The command that starts the server over stdio, or why there is none. */
export function locate(at: Surroundings): Found | Missing {
  const [program, ...args] = words(at.configured);
  if (program !== undefined) {
    return configured(program, args, at);
  }
  const places = [
    ['workspace', environments(at)],
    ['PATH', onPath('raincheck', at)],
    ['uv or pipx', ofTools(at)],
    ['extension', [flavour(at).join(at.extension, 'server', 'raincheck')]],
  ] as const;
  for (const [source, paths] of places) {
    const found = first(paths, at);
    if (found !== undefined) {
      return { program: found, args: ['serve'], source };
    }
  }
  return { missing: notInstalled(at) };
}

/** Where `uv tool install` and `pipx install` put programs, if it is not the usual folder; often not on VS Code's PATH. */
export const TOOL_FOLDERS = ['UV_TOOL_BIN_DIR', 'PIPX_BIN_DIR', 'XDG_BIN_HOME'];

/** Whether `path` is a file that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export interface Spawn {
  readonly command: string;
  readonly args: string[];
  readonly shell: boolean;
}

/** How Node starts what was found: Windows runs `.cmd` files through its shell alone, which wants words quoted. */
export function spawnable({ program, args }: Found, platform: NodeJS.Platform): Spawn {
  if (platform === 'win32' && /\.(cmd|bat)$/i.test(program)) {
    return { command: `"${program}"`, args: args.map((word) => `"${word}"`), shell: true };
  }
  return { command: program, args: [...args], shell: false };
}

function words(setting: Surroundings['configured']): string[] {
  const list = typeof setting === 'string' ? [setting.trim()] : [...(setting ?? [])];
  return list[0] ? list : [];
}

function configured(name: string, args: readonly string[], at: Surroundings): Found | Missing {
  const candidates = namedBy(name, at);
  const program = first(candidates, at);
  if (program !== undefined) {
    return { program, args: [...args, 'serve'], source: 'setting' };
  }
  const distrusted = first(candidates, { ...at, trusted: true }) !== undefined;
  const why = distrusted ? 'which lies in this workspace, and the workspace is not trusted' : 'which is not a program here';
  return { missing: `The setting raincheck.path names "${name}", ${why}.` };
}

function namedBy(name: string, at: Surroundings): string[] {
  const { isAbsolute, join } = flavour(at);
  if (!/[\\/]/.test(name)) {
    return onPath(name, at);
  }
  const path = name.replace(/^~(?=[\\/])/, () => at.home).replace(/^\$\{workspaceFolder\}[\\/]/, '');
  return isAbsolute(path) ? [path] : at.folders.map((folder) => join(folder, path));
}

function environments(at: Surroundings): string[] {
  const { join } = flavour(at);
  const scripts = at.platform === 'win32' ? 'Scripts' : 'bin';
  return at.folders.flatMap((folder) => [join(folder, '.venv', scripts, 'raincheck'), join(folder, 'node_modules', '.bin', 'raincheck')]);
}

function ofTools(at: Surroundings): string[] {
  const { isAbsolute, join } = flavour(at);
  const folders = [...at.toolFolders.filter((folder) => isAbsolute(folder)), join(at.home, '.local', 'bin')];
  return folders.map((folder) => join(folder, 'raincheck'));
}

/** Relative entries of PATH depend on where one stands, and are left out. */
function onPath(name: string, at: Surroundings): string[] {
  const { delimiter, isAbsolute, join } = flavour(at);
  return at.searchPath
    .split(delimiter)
    .filter((place) => isAbsolute(place))
    .map((place) => join(place, name));
}

/** The first path that is a program and that the workspace's trust allows. */
function first(paths: readonly string[], at: Surroundings): string | undefined {
  return paths
    .filter((path) => at.trusted || !inWorkspace(path, at))
    .flatMap((path) => spellings(path, at.platform))
    .find(at.isProgram);
}

function inWorkspace(path: string, at: Surroundings): boolean {
  const { isAbsolute, relative } = flavour(at);
  return at.folders.some((folder) => {
    const way = relative(folder, path);
    return !/^\.\.([\\/]|$)/.test(way) && !isAbsolute(way);
  });
}

/** Windows starts `raincheck.exe` and `raincheck.cmd`; the bare name there is a script for other shells. */
function spellings(path: string, platform: NodeJS.Platform): string[] {
  const bare = platform === 'win32' && !/\.(exe|cmd|bat)$/i.test(path);
  return bare ? [`${path}.exe`, `${path}.cmd`, `${path}.bat`] : [path];
}

function notInstalled(at: Surroundings): string {
  return at.trusted
    ? "Raincheck's server was found neither in this workspace's .venv or node_modules, nor on PATH, nor where uv and pipx install."
    : "Raincheck's server is not on PATH, nor where uv and pipx install; this workspace, which is not trusted, is not searched.";
}

function flavour(at: Surroundings): typeof posix {
  return at.platform === 'win32' ? win32 : posix;
}
