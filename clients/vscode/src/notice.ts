/** The one message about a missing server. A workspace sees the same message once, until the server is found. */
import * as vscode from 'vscode';

const TOLD = 'raincheck.missing';
const INSTALL = 'How to Install';
const SETTING = 'Open Setting';

export class MissingNotice {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly readme: vscode.Uri,
  ) {}

  tell(reason: string): void {
    if (this.memory.get(TOLD) !== reason) {
      void this.memory.update(TOLD, reason);
      void this.ask(reason);
    }
  }

  forget(): void {
    void this.memory.update(TOLD, undefined);
  }

  private async ask(reason: string): Promise<void> {
    const message = `${reason} Until it is found, migrations are not checked. After an install, run "Raincheck: Restart Server".`;
    const choice = await vscode.window.showWarningMessage(message, INSTALL, SETTING);
    if (choice === INSTALL) {
      await vscode.commands.executeCommand('markdown.showPreview', this.readme.with({ fragment: 'install' }));
    } else if (choice === SETTING) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'raincheck.path');
    }
  }
}
