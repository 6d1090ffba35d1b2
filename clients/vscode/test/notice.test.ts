import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Memento, Uri } from 'vscode';
import { MissingNotice } from '../src/notice';
import { answers, executed, messages } from './vscode';

const README = {
  with: ({ fragment }: { fragment: string }) => `/extension/readme.md#${fragment}`,
} as unknown as Uri;

function memory(): Memento {
  const held = new Map<string, unknown>();
  return {
    keys: () => [...held.keys()],
    get: (key: string) => held.get(key),
    update: async (key: string, value: unknown) => void held.set(key, value),
  } as Memento;
}

beforeEach(() => {
  messages.length = executed.length = answers.length = 0;
});

test('the same reason is told once, also after VS Code starts anew', () => {
  const workspace = memory();
  new MissingNotice(workspace, README).tell('Not found.');
  new MissingNotice(workspace, README).tell('Not found.');
  assert.equal(messages.length, 1);
  assert.match(messages[0] ?? '', /^Not found\. Until it is found, migrations are not checked\..*"Raincheck: Restart Server"\.$/);
});

test('another reason is told', () => {
  const notice = new MissingNotice(memory(), README);
  notice.tell('Not found.');
  notice.tell('Not a program.');
  assert.equal(messages.length, 2);
});

test('once the server was found, a loss is told again', () => {
  const notice = new MissingNotice(memory(), README);
  notice.tell('Not found.');
  notice.forget();
  notice.tell('Not found.');
  assert.equal(messages.length, 2);
});

for (const [button, effect] of [
  ['How to Install', 'markdown.showPreview /extension/readme.md#install'],
  ['Open Setting', 'workbench.action.openSettings raincheck.path'],
] as const) {
  test(`the button "${button}"`, async () => {
    answers.push(button);
    new MissingNotice(memory(), README).tell('Not found.');
    await setImmediate();
    assert.deepEqual(executed, [effect]);
  });
}

test('a message that is dismissed opens nothing', async () => {
  new MissingNotice(memory(), README).tell('Not found.');
  await setImmediate();
  assert.deepEqual(executed, []);
});

test('the README has the section that the button opens', () => {
  assert.match(readFileSync('README.md', 'utf8'), /^## Install$/m);
});
