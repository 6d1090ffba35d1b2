/** What a person does in VS Code's window, and what they see. Each waits until it is so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE } from './stage.mjs';

export class Editor {
  constructor(page) {
    this.page = page;
  }

  /** A row of the explorer, by the name of the file or folder. */
  row(name) {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name });
  }

  /** The badge beside a name in the explorer, which the style sheet draws; empty where there is none. */
  badge(name) {
    return this.row(name)
      .locator('.monaco-icon-label')
      .evaluate((label) => getComputedStyle(label, '::after').content.replace(/^none$|"/g, ''));
  }

  /** Opens a file from the explorer, and waits for its text. */
  async open(name) {
    await this.row(name).click();
    await this.page.locator('.tab.active').filter({ hasText: name }).waitFor();
    await this.lines().first().waitFor();
  }

  lines() {
    return this.page.locator('.editor-instance .view-line');
  }

  /** The editor's visible text; spaces are ordinary ones. */
  async text() {
    return (await this.lines().allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** A lens above a line, by what it begins with. */
  lens(text) {
    return this.page.locator('.editor-instance .codelens-decoration').getByText(new RegExp(`^${text}`)).first();
  }

  /** Presses what may be drawn anew at that moment, until what it brings is there. */
  async press(button, shown) {
    await eventually(
      async () => {
        await button.click();
        return shown.waitFor({ timeout: PATIENCE / 10 }).then(
          () => true,
          () => false,
        );
      },
      (there) => there,
    );
  }

  tab(name) {
    return this.page.locator('.tab').filter({ hasText: name }).first();
  }

  /** Raincheck's item in the status bar. */
  status() {
    return this.page.locator('.statusbar-item[id$="raincheck.status"]');
  }

  /** What is in the preview that is open. */
  preview() {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  }

  squiggle(severity) {
    return this.page.locator(`.editor-instance .squiggly-${severity}`).first();
  }

  /** Puts the cursor into the first line that shows `text`. */
  async point(text) {
    await this.lines().filter({ hasText: text }).first().click({ position: { x: 40, y: 8 } });
  }

  /** Presses keys at a line until what they bring is there: lenses that come may move the line from under the mouse. */
  async #bring(shown, text, ...keys) {
    return eventually(
      async () => {
        await this.page.keyboard.press('Escape'); // a hover that is open would take the keys
        await this.point(text);
        for (const key of keys) {
          await this.page.keyboard.press(key);
        }
        return shown.waitFor({ timeout: PATIENCE / 10 }).then(() => true, () => false);
      },
      (there) => there,
    );
  }

  /** The hover at a line, when it says what it should: one that was asked for too early has no more to say later. */
  async hover(text, says) {
    const shown = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').filter({ hasText: says }).first();
    await this.#bring(shown, text, 'Control+k', 'Control+i');
    return shown;
  }

  /** The lightbulb's menu at a line. */
  async bulb(text) {
    const menu = this.page.locator('.action-widget');
    await this.#bring(menu.locator('.monaco-list-row.action').first(), text, 'Control+.');
    return menu;
  }

  /** Chooses from the menu that is open, by keys: the window keeps the mouse off it until the mouse has moved. */
  async choose(title) {
    const menu = this.page.locator('.action-widget');
    const focused = menu.locator('.monaco-list-row.focused');
    for (let left = await menu.locator('.monaco-list-row.action').count(); !(await focused.innerText()).includes(title); left -= 1) {
      assert.ok(left > 0, `there is no ${title} in ${await menu.innerText()}`);
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
    await menu.waitFor({ state: 'hidden' });
  }

  /** Runs a command by its name in the palette. */
  async command(name) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.fill(`>${name}`);
    await this.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  async save() {
    await this.command('File: Save All');
    await this.page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
  }
}

/** Waits until what is on disk, or elsewhere outside the window, is as wanted; what it is. */
export async function eventually(read, wanted) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await read();
    if (wanted(found)) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`still: ${JSON.stringify(found)}`);
    }
    await pause(50);
  }
}

export function onDisk(path, wanted) {
  return eventually(() => readFileSync(path, 'utf8'), wanted);
}
