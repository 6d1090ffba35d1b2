/** Raincheck in VS Code: wires the server, the status item and the commands together. */
import * as vscode from 'vscode';
import { DOCUMENTS, SECTION, Server } from './client';
import { registerCommands } from './commands';
import { Gates } from './gates';
import { MissingNotice } from './notice';
import { Previews } from './previews';
import { running, told } from './state';
import { StatusItem } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Raincheck', { log: true });
  const status = new StatusItem(DOCUMENTS);
  const notice = new MissingNotice(context.workspaceState, readme(context));
  const previews = new Previews();
  const talk = new Server({
    output,
    extension: context.extension,
    preview: (made) => previews.show(made),
    show: (state) => {
      status.show(state);
      void vscode.commands.executeCommand('setContext', 'raincheck.ready', state.kind === 'ready'); // the palette asks it
      void gates.refresh();
    },
    found: () => notice.forget(),
    missing: (reason) => notice.tell(reason),
  });
  const gates = new Gates(
    (uri) => talk.gate(uri),
    (gate) => status.showGate(gate),
  );
  server = talk;
  const commands = registerCommands({
    restart: () => {
      notice.forget();
      return talk.restart();
    },
    status: () => [status.gate && told(status.gate), running(status.state)].filter(Boolean).join(' '),
    get ready() {
      return status.state.kind === 'ready';
    },
    output,
  });
  context.subscriptions.push(
    output,
    status,
    previews,
    gates,
    commands,
    vscode.workspace.onDidGrantWorkspaceTrust(() => talk.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.path`)) {
        void talk.restart();
      }
    }),
  );
  await talk.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

/** vsce packs README.md under a name in small letters. */
function readme({ extensionMode, extensionUri }: vscode.ExtensionContext): vscode.Uri {
  const packed = extensionMode === vscode.ExtensionMode.Production;
  return vscode.Uri.joinPath(extensionUri, packed ? 'readme.md' : 'README.md');
}
