/** Texts that the server makes (reviews, plans, rollbacks), shown as documents that lie nowhere. */
import * as vscode from 'vscode';
import type { Preview } from './own';

export const SCHEME = 'raincheck';

const ENDINGS = { markdown: '.md', sql: '.sql' } as const;

export class Previews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.changes.event;

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.texts.get(uri.path);
  }

  /** Markdown as VS Code renders it, SQL as text; one that is shown already is brought up to date. */
  async show({ title, language, text }: Preview): Promise<void> {
    const path = `/${title.replaceAll(/[\\/]/g, '_')}${ENDINGS[language]}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    this.texts.set(path, text);
    this.changes.fire(uri);
    if (language === 'markdown') {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } else {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }
}
