/** The little of VS Code that the notice, the commands and the status item touch; it records what they do. */
export const messages: string[] = [];
export const executed: string[] = [];
export const answers: string[] = [];
export const quickPicks: string[][] = [];
export const choices: string[] = [];
export const bar = { text: '', tooltip: '', command: '', name: '', backgroundColor: undefined as unknown, visible: false };

let shown: string[] = [];
let follow: () => void = () => undefined;

export function showEditors(...languages: string[]): void {
  shown = languages;
  follow();
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export const StatusBarAlignment = { Left: 1, Right: 2 };

export const window = {
  get visibleTextEditors() {
    return shown.map((language) => ({ document: { language } }));
  },
  createStatusBarItem: () =>
    Object.assign(bar, {
      show: () => {
        bar.visible = true;
      },
      hide: () => {
        bar.visible = false;
      },
      dispose: () => undefined,
    }),
  onDidChangeVisibleTextEditors: (listener: () => void) => {
    follow = listener;
    return { dispose: () => undefined };
  },
  showQuickPick: async (items: { label: string }[], { placeHolder }: { placeHolder: string }) => {
    quickPicks.push([placeHolder, ...items.map(({ label }) => label)]);
    const choice = choices.shift();
    return items.find(({ label }) => label === choice);
  },
  showWarningMessage: async (message: string, ...items: string[]) => {
    messages.push(message);
    const answer = answers.shift();
    return items.find((item) => item === answer);
  },
};

export const languages = {
  match: (selector: { language?: string }[], document: { language: string }) =>
    selector.some(({ language }) => language === document.language) ? 10 : 0,
};

export const registered = new Map<string, () => unknown>();

export const Disposable = { from: (...parts: unknown[]) => parts };

export const commands = {
  registerCommand: (name: string, action: () => unknown) => registered.set(name, action),
  executeCommand: async (command: string, argument: unknown) => void executed.push(`${command} ${String(argument)}`),
};
