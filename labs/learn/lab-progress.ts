/** How far somebody is in a lab: what is kept between sessions, and enough to go on from there. */
export interface LabProgress {
  /** The step that was being done; the first one when the lab no longer has it. */
  readonly step: string;
  readonly done: readonly string[];
  readonly skipped: readonly string[];
  /** By step: the choice that was made before acting, and what really happened. */
  readonly predictions: Readonly<Record<string, KeptPrediction>>;
}

export interface KeptPrediction {
  readonly chosen: string;
  /** Absent until the step is done. */
  readonly happened?: string;
}

/** Where it is kept. Saving is told of every change, and must be quick. */
export interface ProgressOfLab {
  /** Undefined: never begun. */
  readonly before: LabProgress | undefined;
  save(progress: LabProgress): void;
}
