/** What the main process does with config files and saved states. */

/** Changes that the main process reads from a file; done as a whole or not at all. */
export type FileRequest =
  | {
      readonly kind: 'reload';
      /** Absolute path of a config file. Default: the one of the start. */
      readonly file?: string;
      /** Remove what the file does not have. Default false: it stays. */
      readonly prune?: boolean;
    }
  | {
      readonly kind: 'load-state';
      /** Absolute path of a saved state. */
      readonly file: string;
      readonly prune?: boolean;
    }
  | {
      readonly kind: 'save-state';
      /** Absolute path. Default: `saved_state` of the config file. */
      readonly file?: string;
    };
