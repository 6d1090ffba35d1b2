/** What the server is doing, and the words in which the status bar says so. */

export type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly version: string | undefined; readonly program: string }
  | { readonly kind: 'stopped'; readonly reason: string };

export interface Face {
  readonly text: string;
  readonly tooltip: string;
  readonly alarming: boolean;
}

const ON_CLICK = 'Click to show the output.';

export function face(state: State): Face {
  switch (state.kind) {
    case 'starting':
      return { text: '$(loading~spin) Raincheck', tooltip: `Starting. ${ON_CLICK}`, alarming: false };
    case 'ready':
      return {
        text: '$(check) Raincheck',
        tooltip: `${['Raincheck', state.version].filter(Boolean).join(' ')} (${state.program}). ${ON_CLICK}`,
        alarming: false,
      };
    case 'stopped':
      return { text: '$(error) Raincheck', tooltip: `Stopped: ${state.reason} ${ON_CLICK}`, alarming: true };
  }
}
