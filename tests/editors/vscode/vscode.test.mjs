/**
 * Raincheck in VS Code, as a person sees it. The tests are one sitting in one window: each goes on where the one before
 * ended. They are run by tests/editors/test_vscode.py, which prepares the project and says where things are.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Editor, eventually, onDisk } from './editor.mjs';
import { Stage } from './stage.mjs';

const { folder, scratch, failure, vsix, bundled, settings, images, theme } = JSON.parse(readFileSync(process.env.RAINCHECK_SITTING, 'utf8'));
const drizzle = (name) => join(folder, 'drizzle', name);

let stage;
let editor;
let failed = false;

before(async () => {
  stage = await Stage.open({ folder, scratch, vsix, settings });
  editor = new Editor(stage.page);
});

after(() => stage?.close());

/** A picture for the documentation, where the run is asked for them. */
async function picture(name, width = 1280, height = 640) {
  if (images) {
    const clip = { x: 0, y: 30, width, height }; // below the title, which tells of code-server
    await stage.page.screenshot({ path: join(images, `vscode-${name}-${theme}.png`), clip });
  }
}

/** A test whose failure leaves a screenshot; where the sitting is over, those that follow fail at once. */
function step(name, act) {
  test(name, async () => {
    assert.ok(!failed, 'a step before this one failed');
    try {
      await act();
    } catch (error) {
      failed = true;
      const path = `${failure}.png`;
      await stage?.page.screenshot({ path }).catch(() => undefined);
      error.message += `\nWhat was shown: ${path}\n${stage?.log() ?? ''}`;
      throw error;
    }
  });
}

step('pending migrations have badges in the tree, though none is open', async () => {
  await editor.row('drizzle').first().click();
  await eventually(() => editor.badge('0009_widen_area.sql'), (shown) => shown !== '');
  assert.match(await editor.badge('0006_require_locale.sql'), /^\d+$/);
  assert.equal(await editor.badge('0000_init.sql'), '');
});

step('what is dangerous is underlined', async () => {
  await editor.open('0006_require_locale.sql');
  await editor.squiggle('error').waitFor();
});

step('the hover says what is wrong, and has a table of the locks', async () => {
  const hover = await editor.hover('SET NOT NULL', 'SET NOT NULL reads every row to look for a NULL in "locale"');
  const table = hover.locator('table').first();
  await table.waitFor();
  assert.deepEqual(await table.locator('th').allInnerTexts(), ['Relation', 'Lock', 'While it is held', 'Work']);
  assert.match(await table.innerText(), /public\.profiles\s+ACCESS EXCLUSIVE\s+blocks reads and writes\s+reads every row/);
  await table.scrollIntoViewIfNeeded();
  await picture('hover', 1280, 420);
});

step('the lightbulb stages the NOT NULL: a second migration, its journal entry and its snapshot', async () => {
  const before = readdirSync(drizzle('.'));
  const menu = await editor.bulb('SET NOT NULL');
  await menu.getByText('Split into a CHECK that is NOT VALID here').waitFor();
  await picture('actions', 1280, 420);
  await editor.choose('Split into a CHECK that is NOT VALID here');
  await editor.lines().filter({ hasText: 'NOT VALID' }).first().waitFor();
  await editor.save();
  await onDisk(drizzle('0006_require_locale.sql'), (text) => /CHECK \("locale" IS NOT NULL\) NOT VALID/.test(text));
  const [second] = readdirSync(drizzle('.')).filter((name) => !before.includes(name));
  assert.match(readFileSync(drizzle(second), 'utf8'), /VALIDATE CONSTRAINT[^]*SET NOT NULL/);
  const { entries } = JSON.parse(readFileSync(drizzle('meta/_journal.json'), 'utf8'));
  assert.equal(`${entries.at(-1).tag}.sql`, second);
  assert.ok(readdirSync(drizzle('meta')).includes(`${second.slice(0, 4)}_snapshot.json`));
  await editor.open(second);
  await editor.lens('Pending').waitFor();
  await picture('staged', 1280, 420);
});

step('the lightbulb adds CONCURRENTLY, and the squiggle goes', async () => {
  await editor.open('0005_index_assets_by_room.sql');
  await editor.squiggle('error').waitFor();
  await editor.bulb('CREATE INDEX');
  await editor.choose('CONCURRENTLY');
  await editor.lines().filter({ hasText: 'CREATE INDEX CONCURRENTLY' }).first().waitFor();
  await editor.squiggle('error').waitFor({ state: 'detached' });
  await editor.save();
  await onDisk(drizzle('0005_index_assets_by_room.sql'), (text) => /^COMMIT;--> statement-breakpoint[^]*BEGIN;$/.test(text));
});

step('an edit of a migration that is applied is warned of, and taken back', async () => {
  const file = drizzle('0001_add_nullable_column.sql');
  const original = readFileSync(file, 'utf8');
  await editor.open('0001_add_nullable_column.sql');
  await editor.point('ADD COLUMN');
  await editor.page.keyboard.press('Control+End');
  await editor.page.keyboard.insertText('--> statement-breakpoint\nALTER TABLE "profiles" ADD COLUMN "region" text;');
  await editor.squiggle('error').waitFor();
  await editor.hover('"region"', 'Databases that have run it keep what it did then');
  await picture('edited', 1280, 420);
  await editor.bulb('"region"');
  await editor.choose('Restore the text');
  await eventually(() => editor.text(), (text) => text === original);
  await editor.squiggle('error').waitFor({ state: 'detached' });
  await editor.save();
  await onDisk(file, (text) => text === original);
});

step('above a migration stands its gate, and behind a statement its lock', async () => {
  await editor.open('0008_require_currency.sql');
  await editor.lens('Plan in stages').waitFor();
  await editor.lens('Gate red: wants approval and a backup').waitFor();
  await editor.lens('Pending').waitFor();
  await editor.lines().filter({ hasText: 'ACCESS EXCLUSIVE on "renovation_sessions"' }).first().waitFor();
  await picture('lenses', 1280, 200);
});

step('the status bar has the gate too', async () => {
  const item = editor.status();
  await item.filter({ hasText: 'Gate red' }).waitFor();
  await editor.open('0000_init.sql');
  await item.filter({ hasText: /^\s*Raincheck$/ }).waitFor();
});

step('a review is shown as Markdown is', async () => {
  await editor.open('0008_require_currency.sql');
  await editor.press(editor.lens('Review'), editor.tab('Preview Review of 0008_require_currency'));
  const page = editor.preview();
  await page.locator('h1, h2').first().waitFor();
  await page.getByText('0008_require_currency').first().waitFor();
  await page.getByText('ACCESS EXCLUSIVE').first().waitFor();
  await picture('review');
});

step('so is a plan', async () => {
  await editor.open('0008_require_currency.sql');
  await editor.command('Raincheck: Plan This Migration in Stages');
  await editor.tab('Preview Plan of 0008_require_currency').waitFor();
  await editor.preview().getByText('renovation_sessions').first().waitFor();
});

step('a rollback is shown as SQL', async () => {
  await editor.open('0008_require_currency.sql');
  await editor.command('Raincheck: Show Rollback');
  await editor.tab('Rollback').waitFor();
  await editor.lines().filter({ hasText: 'DROP COLUMN "currency"' }).first().waitFor();
});

step('the menu says which server runs, and what there is to do', async () => {
  await editor.open('0008_require_currency.sql');
  await editor.status().click();
  const menu = stage.page.locator('.quick-input-widget');
  await menu.getByText('Review Migration').waitFor();
  const said = await menu.locator('input').first().getAttribute('placeholder');
  assert.match(said, /^This migration's gate is red: it wants approval and a backup/);
  assert.match(said, bundled && !settings['raincheck.path'] ? /\/server\/raincheck\)\.$/ : /Raincheck .+ \(.+\)\.$/);
  await stage.page.keyboard.press('Escape');
});
