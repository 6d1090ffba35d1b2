import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gate } from '../src/own';
import { face, type State } from '../src/state';
import { StatusItem } from '../src/status';
import { bar, showEditors } from './vscode';

const READY: State = { kind: 'ready', version: '0.1.0', program: '/usr/bin/raincheck' };
const STOPPED: State = { kind: 'stopped', reason: 'It ended.' };

const RED: Gate = { gate: 'red', asks: 'wants approval and a backup', reasons: ['drop column on public.users'] };

test('each state says what is so and what a click does', () => {
  assert.equal(face({ kind: 'starting' }, null).tooltip, 'Starting. Click for what there is to do.');
  assert.equal(face(READY, null).tooltip, 'Raincheck 0.1.0 (/usr/bin/raincheck). Click for what there is to do.');
  assert.equal(face({ ...READY, version: undefined }, null).tooltip, 'Raincheck (/usr/bin/raincheck). Click for what there is to do.');
  assert.equal(face(STOPPED, RED).tooltip, 'Stopped: It ended. Click for what there is to do.');
});

test('a migration shows its gate, and what it rests on', () => {
  const item = new StatusItem([{ language: 'sql' }]);
  showEditors('sql');
  item.show(READY);
  item.showGate(RED);
  assert.equal(bar.text, '$(error) Gate red');
  assert.match(bar.tooltip, /^This migration's gate is red: it wants approval and a backup \(drop column on public\.users\)\./);
  assert.ok(bar.backgroundColor !== undefined);
  item.showGate({ gate: 'green', asks: 'deploys by itself', reasons: [] });
  assert.equal(bar.text, '$(pass) Gate green');
  assert.match(bar.tooltip, /^This migration's gate is green: it deploys by itself\. /);
  assert.ok(bar.backgroundColor === undefined);
  item.showGate(null);
  assert.equal(bar.text, '$(check) Raincheck');
  showEditors();
});

test('the item is there for the files that Raincheck reads', () => {
  const item = new StatusItem([{ language: 'sql' }]);
  item.show(READY);
  assert.equal(bar.command, 'raincheck.status');
  assert.ok(!bar.visible, 'no file is open');
  showEditors('log', 'sql');
  assert.ok(bar.visible);
  showEditors('python');
  assert.ok(!bar.visible);
});

test('what is wrong is shown beside any file, and goes when it is mended', () => {
  const item = new StatusItem([{ language: 'sql' }]);
  showEditors('python');
  item.show(STOPPED);
  assert.ok(bar.visible && bar.backgroundColor !== undefined);
  item.show(READY);
  assert.ok(!bar.visible && bar.backgroundColor === undefined);
});
