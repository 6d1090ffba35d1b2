/** The item in the status bar: there while a file that Raincheck reads is shown, or while something is wrong. */
import * as vscode from 'vscode';
import { SHOW_OUTPUT } from './commands';
import { type State, face } from './state';

export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly watching: vscode.Disposable;
  private alarming = false;

  constructor(private readonly selector: vscode.DocumentSelector) {
    this.item = vscode.window.createStatusBarItem('raincheck.status', vscode.StatusBarAlignment.Right, 90);
    this.item.name = 'Raincheck';
    this.item.command = SHOW_OUTPUT;
    this.watching = vscode.window.onDidChangeVisibleTextEditors(() => this.place());
  }

  show(state: State): void {
    const { text, tooltip, alarming } = face(state);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = alarming ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.alarming = alarming;
    this.place();
  }

  dispose(): void {
    this.watching.dispose();
    this.item.dispose();
  }

  private place(): void {
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document);
    if (this.alarming || shown.some((document) => vscode.languages.match(this.selector, document) > 0)) {
      this.item.show();
    } else {
      this.item.hide();
    }
  }
}
