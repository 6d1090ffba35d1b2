/** Raincheck in VS Code: wires the server, the status item and the commands together. */
import * as vscode from 'vscode';
import { DOCUMENTS, SECTION, Server } from './client';
import { registerCommands } from './commands';
import { MissingNotice } from './notice';
import { StatusItem } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Raincheck', { log: true });
  const status = new StatusItem(DOCUMENTS);
  const notice = new MissingNotice(context.workspaceState, readme(context));
  const running = new Server({
    output,
    show: (state) => status.show(state),
    found: () => notice.forget(),
    missing: (reason) => notice.tell(reason),
  });
  server = running;
  const restart = (): Promise<void> => {
    notice.forget();
    return running.restart();
  };
  context.subscriptions.push(
    output,
    status,
    registerCommands(restart, output),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.path`)) {
        void running.restart();
      }
    }),
  );
  await running.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

/** vsce packs README.md under a name in small letters. */
function readme({ extensionMode, extensionUri }: vscode.ExtensionContext): vscode.Uri {
  const packed = extensionMode === vscode.ExtensionMode.Production;
  return vscode.Uri.joinPath(extensionUri, packed ? 'readme.md' : 'README.md');
}
