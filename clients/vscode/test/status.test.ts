import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type State, face } from '../src/state';
import { StatusItem } from '../src/status';
import { bar, showEditors } from './vscode';

const READY: State = { kind: 'ready', version: '0.1.0', program: '/usr/bin/raincheck' };
const STOPPED: State = { kind: 'stopped', reason: 'It ended.' };

test('each state says what is so and what a click does', () => {
  assert.equal(face({ kind: 'starting' }).tooltip, 'Starting. Click to show the output.');
  assert.equal(face(READY).tooltip, 'Raincheck 0.1.0 (/usr/bin/raincheck). Click to show the output.');
  assert.equal(face({ ...READY, version: undefined }).tooltip, 'Raincheck (/usr/bin/raincheck). Click to show the output.');
  assert.equal(face(STOPPED).tooltip, 'Stopped: It ended. Click to show the output.');
});

test('the item is there for the files that Raincheck reads', () => {
  const item = new StatusItem([{ language: 'sql' }]);
  item.show(READY);
  assert.equal(bar.command, 'raincheck.showOutput');
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
