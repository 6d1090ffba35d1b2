/** Asks for the gate of the migration that is looked at, anew whenever what is said of it changes. */
import * as vscode from 'vscode';
import type { Gate } from './own';

export class Gates implements vscode.Disposable {
  private readonly watching: vscode.Disposable;
  private asked = 0;

  constructor(
    private readonly ask: (uri: vscode.Uri) => Promise<Gate | null>,
    private readonly show: (gate: Gate | null) => void,
  ) {
    this.watching = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const open = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === open)) {
          void this.refresh();
        }
      }),
    );
  }

  /** An answer that comes after a newer question is dropped. */
  async refresh(): Promise<void> {
    this.asked += 1;
    const number = this.asked;
    const document = vscode.window.activeTextEditor?.document;
    const gate = document?.languageId === 'sql' || document?.fileName.endsWith('.sql') ? await this.ask(document.uri) : null;
    if (number === this.asked) {
      this.show(gate);
    }
  }

  dispose(): void {
    this.watching.dispose();
  }
}
