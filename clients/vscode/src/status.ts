/** The item in the status bar: there while a file that Raincheck reads is shown, or while something is wrong. */
import * as vscode from 'vscode';
import { STATUS } from './commands';
import type { Gate } from './own';
import { face, type State } from './state';

const COLOURS = { error: 'statusBarItem.errorBackground', warning: 'statusBarItem.warningBackground' } as const;

export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly watching: vscode.Disposable;
  state: State = { kind: 'starting' };
  gate: Gate | null = null;

  constructor(private readonly selector: vscode.DocumentSelector) {
    this.item = vscode.window.createStatusBarItem('raincheck.status', vscode.StatusBarAlignment.Right, 90);
    this.item.name = 'Raincheck';
    this.item.command = STATUS;
    this.watching = vscode.window.onDidChangeVisibleTextEditors(() => this.place());
  }

  show(state: State): void {
    this.state = state;
    this.draw();
  }

  showGate(gate: Gate | null): void {
    this.gate = gate;
    this.draw();
  }

  dispose(): void {
    this.watching.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const { text, tooltip, alarm } = face(this.state, this.gate);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = alarm && new vscode.ThemeColor(COLOURS[alarm]);
    this.place();
  }

  private place(): void {
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document);
    if (this.state.kind === 'stopped' || shown.some((document) => vscode.languages.match(this.selector, document) > 0)) {
      this.item.show();
    } else {
      this.item.hide();
    }
  }
}
