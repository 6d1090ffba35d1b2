/** The commands of the palette. */
import * as vscode from 'vscode';

export const RESTART = 'raincheck.restart';
export const SHOW_OUTPUT = 'raincheck.showOutput';

export function registerCommands(restart: () => Promise<void>, output: vscode.OutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(RESTART, restart),
    vscode.commands.registerCommand(SHOW_OUTPUT, () => output.show()),
  );
}
