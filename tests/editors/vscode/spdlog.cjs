/**
 * In the place of @vscode/spdlog, which would have to be compiled: writes each line at once. Without it VS Code's outputs are
 * empty, and nobody could read what the server said before a test failed.
 */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  #path;
  #level = 2;
  #bare = false;

  constructor(_kind, _name, path) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    for (const [level, name] of LEVELS.entries()) {
      this[name] = (message) => level >= this.#level && this.#write(name, message);
    }
  }

  #write(name, message) {
    appendFileSync(this.#path, this.#bare ? message : `${new Date().toISOString()} [${name}] ${message}\n`);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  clearFormatters() {
    this.#bare = true;
  }

  setPattern() {}
  flush() {}
  drop() {}
}

// Names that Node finds when this is imported as a module.
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.createRotatingLogger = async (name, path) => new Logger('', name, path);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
