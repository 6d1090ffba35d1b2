/** The running server: found, started, watched, restarted. At most one runs at a time. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import {
  State as ClientState,
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { type Found, isProgram, locate, type Missing, spawnable, TOOL_FOLDERS } from './locate';
import { GATE, type Gate, isPreview, type Preview } from './own';
import type { State } from './state';

/** The prefix of every setting; the client library reads `trace.server` under it. */
export const SECTION = 'raincheck';

export const DOCUMENTS: { scheme: string; language?: string; pattern?: string }[] = [
  { scheme: 'file', language: 'sql' },
  { scheme: 'file', pattern: '**/*.sql' }, // other extensions give .sql files languages of their own
  { scheme: 'file', pattern: '**/meta/_journal.json' },
  { scheme: 'file', pattern: '**/meta/*_snapshot.json' },
  { scheme: 'file', pattern: '**/[0-9]*/snapshot.json' },
  { scheme: 'file', pattern: '**/raincheck.sum' },
  { scheme: 'file', pattern: '**/raincheck.toml' },
  { scheme: 'file', pattern: '**/raincheck.stats.json' },
  { scheme: 'file', pattern: '**/raincheck.baseline.json' },
];

/** Settings that the extension reads; all others of the manifest are the server's. */
const OWN = ['path', 'trace.server'];

export interface Audience {
  readonly output: vscode.LogOutputChannel;
  readonly extension: vscode.Extension<unknown>;
  preview(made: Preview): Promise<void>;
  show(state: State): void;
  found(): void;
  missing(reason: string): void;
}

export class Server {
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly audience: Audience) {}

  /** Starts the server, after stopping the one that runs. Calls queue up; none of them rejects. */
  restart(): Promise<void> {
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  /** The deploy gate of a file; null where it has none, or nobody can be asked. */
  async gate(uri: vscode.Uri): Promise<Gate | null> {
    const asked = this.client;
    if (asked?.state !== ClientState.Running) {
      return null;
    }
    return asked.sendRequest<Gate | null>(GATE, { uri: asked.code2ProtocolConverter.asUri(uri) }).catch(() => null);
  }

  private next(action: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(action).catch((error: unknown) => this.audience.output.error(String(error)));
    return this.turn;
  }

  private async begin(): Promise<void> {
    const command = find(this.audience.extension);
    if ('missing' in command) {
      this.audience.show({ kind: 'stopped', reason: command.missing });
      this.audience.missing(command.missing);
      return;
    }
    this.audience.found();
    this.audience.output.info(`Starting ${[command.program, ...command.args].join(' ')} (from: ${command.source})`);
    const client = languageClient(command, this.audience);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.audience.show(stateOf(newState, client, command));
      }
    });
    await client.start().catch(() => undefined); // the library has told the user, and the state has changed
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose().catch((error: unknown) => this.audience.output.debug(String(error)));
  }
}

function find(extension: vscode.Extension<unknown>): Found | Missing {
  return locate({
    configured: vscode.workspace.getConfiguration(SECTION).get<string | string[] | null>('path'),
    folders: localFolders(),
    trusted: vscode.workspace.isTrusted,
    platform: process.platform,
    home: homedir(),
    searchPath: process.env['PATH'] ?? '',
    toolFolders: TOOL_FOLDERS.flatMap((name) => process.env[name] ?? []),
    extension: extension.extensionPath,
    isProgram,
  });
}

function languageClient(command: Found, { output, extension, preview }: Audience): LanguageClient {
  const names = serverSettings(extension);
  const { shell, ...program } = spawnable(command, process.platform);
  const server = { ...program, options: { shell, cwd: workingDirectory() } };
  const client: LanguageClient = new LanguageClient(SECTION, 'Raincheck', server, {
    documentSelector: DOCUMENTS,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler: restartsWhatRan(() => client),
    initializationFailedHandler: () => false, // start() tells the user
    initializationOptions: () => ({ ...values(names), previews: true }),
    synchronize: { configurationSection: names.map((name) => `${SECTION}.${name}`) },
    middleware: {
      executeCommand: async (name, words, next) => {
        const answer: unknown = await next(name, words.length > 0 ? words : here(client));
        await (isPreview(answer) ? preview(answer) : undefined);
        return answer;
      },
      workspace: {
        didChangeConfiguration: () =>
          client.sendNotification(DidChangeConfigurationNotification.type, { settings: { [SECTION]: values(names) } }),
      },
    },
  });
  return client;
}

/** A server that ends before it is ready would only do so again; one that ran gets the library's four restarts. */
function restartsWhatRan(client: () => LanguageClient): ErrorHandler {
  let usual: ErrorHandler | undefined;
  const handler = (): ErrorHandler => (usual ??= client().createDefaultErrorHandler());
  const ran = (): boolean => client().state === ClientState.Running;
  return {
    error: (...problem) => (ran() ? handler().error(...problem) : { action: ErrorAction.Continue, handled: true }),
    closed: () => (ran() ? handler().closed() : { action: CloseAction.DoNotRestart, handled: true }),
  };
}

/** What a command of the palette is about: the file that is open, and the place of the cursor in it. */
function here(client: LanguageClient): unknown[] {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'file') {
    return [];
  }
  const convert = client.code2ProtocolConverter;
  return [convert.asUri(editor.document.uri), convert.asPosition(editor.selection.active)];
}

/** The names of the server's settings, as the manifest lists them. */
function serverSettings(extension: vscode.Extension<unknown>): string[] {
  const manifest = extension.packageJSON as { contributes: { configuration: { properties: object } } };
  const names = Object.keys(manifest.contributes.configuration.properties).map((name) => name.slice(SECTION.length + 1));
  return names.filter((name) => !OWN.includes(name));
}

/** What the server is told when it starts, and whole again when any of it changes. */
function values(names: string[]): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  return Object.fromEntries(names.map((name) => [name, settings.get<unknown>(name, null)]));
}

/** Python and Node load code from where they are started, so never in a workspace that is not trusted. */
function workingDirectory(): string {
  const [folder] = vscode.workspace.isTrusted ? localFolders() : [];
  return folder ?? homedir();
}

function localFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

function stateOf(state: ClientState, client: LanguageClient, { program }: Found): State {
  switch (state) {
    case ClientState.Starting:
      return { kind: 'starting' };
    case ClientState.Running:
      return { kind: 'ready', version: client.initializeResult?.serverInfo?.version, program };
    case ClientState.StartFailed:
      return { kind: 'stopped', reason: `${program} could not be started.` };
    case ClientState.Stopped:
      return { kind: 'stopped', reason: `${program} ended.` };
  }
}
