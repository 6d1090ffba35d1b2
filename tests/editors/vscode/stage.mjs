/** VS Code's own server and workbench (from code-server's build) with the extension, shown in headless Chromium. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const HERE = import.meta.dirname;
const SERVER = join(HERE, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');
const QUIET = {
  'chat.commandCenter.enabled': false,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.editor.enablePreview': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** How long a person would wait at most before giving up, on a machine that does other things too. */
export const PATIENCE = Number(process.env.RAINCHECK_PATIENCE ?? 90_000);

export class Stage {
  /** `folder` is opened; what the run leaves behind (logs, a screenshot of a failure) goes to `scratch`. */
  static async open({ folder, scratch, vsix, settings, viewport = { width: 1600, height: 900 } }) {
    const stage = new Stage();
    stage.scratch = scratch;
    mkdirSync(join(scratch, 'user', 'User'), { recursive: true });
    writeFileSync(join(scratch, 'user', 'User', 'settings.json'), JSON.stringify({ ...QUIET, ...settings }));
    const folders = ['--user-data-dir', join(scratch, 'user'), '--server-data-dir', join(scratch, 'server'), '--extensions-dir', join(scratch, 'extensions')];
    const installed = spawnSync(process.execPath, [SERVER, ...folders, '--install-extension', vsix], { encoding: 'utf8' });
    if (installed.status !== 0) {
      throw new Error(`the extension was not installed: ${installed.stdout}${installed.stderr}`);
    }
    const address = await stage.#serve(folders);
    stage.browser = await chromium.launchPersistentContext(join(scratch, 'chromium'), {
      executablePath: process.env.RAINCHECK_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-component-update', '--disable-background-networking'],
      viewport,
    });
    stage.browser.setDefaultTimeout(PATIENCE);
    stage.page = stage.browser.pages()[0] ?? (await stage.browser.newPage());
    await stage.page.goto(`${address}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded' });
    return stage;
  }

  /** Starts the server on a free port; its address. */
  #serve(folders) {
    const log = openSync(join(this.scratch, 'vscode.log'), 'w');
    const options = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'];
    this.server = spawn(process.execPath, [SERVER, ...folders, ...options], { stdio: ['ignore', 'pipe', log], detached: true });
    closeSync(log);
    return new Promise((resolve, reject) => {
      let said = '';
      this.server.stdout.on('data', (chunk) => {
        said += chunk;
        const found = /agent listening on (\d+)/.exec(said);
        if (found) {
          resolve(`http://127.0.0.1:${found[1]}`);
        }
      });
      this.server.once('exit', (code) => reject(new Error(`VS Code's server ended with ${code}: ${said}`)));
    });
  }

  /** The end of what Raincheck's output shows. */
  log() {
    const logs = readdirSync(this.scratch, { recursive: true }).filter((path) => /Raincheck\.log$/.test(path));
    return logs.map((path) => `${path}:\n${readFileSync(join(this.scratch, path), 'utf8').slice(-4000)}`).join('\n');
  }

  async close() {
    await this.browser?.close();
    if (this.server?.pid !== undefined) {
      process.kill(-this.server.pid); // with the extensions' host and Raincheck's server, which outlive a lost window
    }
  }
}
