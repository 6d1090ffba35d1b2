#!/usr/bin/env node
'use strict';

// Starts Raincheck: the executable of this platform's package, which npm installs beside this one; or else an installed
// raincheck, or the one that uvx or pipx fetches.

const { spawn } = require('node:child_process');
const { accessSync, constants, realpathSync } = require('node:fs');
const { constants: system } = require('node:os');
const path = require('node:path');
const { version } = require('../package.json');

const WINDOWS = process.platform === 'win32';
const PLATFORM = `@raincheck/${process.platform}-${process.arch}`;

/** The program and the words that come before the user's own; nothing where there is none. */
function found() {
  const own = carried();
  if (own !== undefined) {
    return [own];
  }
  const elsewhere = [['raincheck'], ['uvx', `raincheck@${version}`], ['pipx', 'run', `raincheck==${version}`]];
  for (const [name, ...words] of elsewhere) {
    const program = onPath(name);
    if (program !== undefined) {
      return [program, ...words];
    }
  }
  return undefined;
}

function carried() {
  const name = WINDOWS ? 'raincheck.exe' : 'raincheck';
  try {
    const folder = path.dirname(require.resolve(`${PLATFORM}/package.json`));
    return runnable(path.join(folder, 'raincheck', name));
  } catch {
    return undefined;
  }
}

/** A program on PATH; what npm put there is this file. */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => runnable(path.join(folder, WINDOWS ? `${name}.exe` : name)))
    .find((program) => program !== undefined && !sameFile(program));
}

function sameFile(program) {
  return realpathSync(program) === realpathSync(__filename);
}

function runnable(program) {
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    return undefined;
  }
}

function run([program, ...words]) {
  let child;
  process.on('SIGINT', () => {}); // a terminal sends it to both
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child = spawn(program, [...words, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', (error) => fail(`${program} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (system.signals[signal] ?? 0);
  });
}

function fail(message) {
  process.stderr.write(`raincheck: ${message}\n`);
  process.exitCode = 2;
}

const command = found();
if (command === undefined) {
  fail(
    `the package ${PLATFORM} is not installed, and there is no raincheck, uvx or pipx on PATH. ` +
      'Install again without --omit=optional (or --no-optional); on a platform that has no such package, install uv, ' +
      'which runs Raincheck with a Python of its own.',
  );
} else {
  run(command);
}
