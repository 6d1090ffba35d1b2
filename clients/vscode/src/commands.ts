/** The commands of the palette that the extension carries out; the others are the server's. */
import * as vscode from 'vscode';

export const RESTART = 'raincheck.restart';
export const SHOW_OUTPUT = 'raincheck.showOutput';
export const STATUS = 'raincheck.status';

/** What the server does for the migration that is open, in the words of the palette. */
export const OF_SERVER = {
  'raincheck.review': 'Review Migration',
  'raincheck.plan': 'Plan This Migration in Stages',
  'raincheck.rollback': 'Show Rollback',
  'raincheck.seal': 'Seal Applied Migrations',
} as const;

export interface Actions {
  restart(): Promise<void>;
  /** What to say at the top of the menu. */
  status(): string;
  readonly ready: boolean;
  readonly output: vscode.OutputChannel;
}

export function registerCommands(actions: Actions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(RESTART, () => actions.restart()),
    vscode.commands.registerCommand(SHOW_OUTPUT, () => actions.output.show()),
    vscode.commands.registerCommand(STATUS, () => choose(actions)),
  );
}

/** A menu of what there is to do now. */
async function choose(actions: Actions): Promise<void> {
  const own = { [RESTART]: 'Restart Server', [SHOW_OUTPUT]: 'Show Output' };
  const offered = Object.entries({ ...(actions.ready ? OF_SERVER : {}), ...own });
  const items = offered.map(([command, label]) => ({ command, label }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Raincheck', placeHolder: actions.status() });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
