import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import type { OutputChannel } from 'vscode';
import { OF_SERVER, RESTART, registerCommands, SHOW_OUTPUT, STATUS } from '../src/commands';
import { choices, executed, quickPicks, registered } from './vscode';

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
const done: string[] = [];
const actions = {
  restart: async (): Promise<void> => void done.push('restart'),
  status: () => 'All is well.',
  ready: true,
  output: { show: () => void done.push('show') } as unknown as OutputChannel,
};

beforeEach(() => {
  done.length = executed.length = quickPicks.length = choices.length = 0;
  actions.ready = true;
  registerCommands(actions);
});

test('the palette offers what is registered, and what the server does, in the same words', () => {
  const titles = Object.fromEntries(
    contributes.commands.map(({ command, title }: Record<'command' | 'title', string>) => [command, title]),
  );
  assert.deepEqual(Object.keys(titles).sort(), [...registered.keys(), ...Object.keys(OF_SERVER)].sort());
  for (const [command, title] of Object.entries(OF_SERVER)) {
    assert.equal(titles[command], title);
  }
});

test('what the server does is offered while it runs', () => {
  const { commandPalette } = contributes.menus;
  assert.deepEqual(
    commandPalette,
    Object.keys(OF_SERVER).map((command) => ({ command, when: 'raincheck.ready' })),
  );
});

test('each command does its one thing', async () => {
  await registered.get(RESTART)?.();
  await registered.get(SHOW_OUTPUT)?.();
  assert.deepEqual(done, ['restart', 'show']);
});

test('the status says what is so, and carries out what is chosen', async () => {
  choices.push('Show Rollback');
  await registered.get(STATUS)?.();
  assert.deepEqual(quickPicks, [['All is well.', ...Object.values(OF_SERVER), 'Restart Server', 'Show Output']]);
  assert.deepEqual(executed, ['raincheck.rollback undefined']);
});

test('without a server there is less to choose', async () => {
  actions.ready = false;
  await registered.get(STATUS)?.();
  assert.deepEqual(quickPicks, [['All is well.', 'Restart Server', 'Show Output']]);
  assert.deepEqual(executed, []);
});
