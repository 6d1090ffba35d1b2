import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { OutputChannel } from 'vscode';
import { RESTART, SHOW_OUTPUT, registerCommands } from '../src/commands';
import { registered } from './vscode';

test('the palette offers what is registered, and each command does its one thing', async () => {
  const done: string[] = [];
  const restart = async (): Promise<void> => void done.push('restart');
  registerCommands(restart, { show: () => void done.push('show') } as unknown as OutputChannel);

  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.deepEqual(
    contributes.commands.map(({ command }: { command: string }) => command),
    [...registered.keys()],
  );
  await registered.get(RESTART)?.();
  await registered.get(SHOW_OUTPUT)?.();
  assert.deepEqual(done, ['restart', 'show']);
});
