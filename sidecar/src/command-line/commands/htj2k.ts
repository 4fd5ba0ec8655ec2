import { orthancSettings } from "../../connections.js";
import { renditionCommand } from "../../renditions/command.js";
import { Progress } from "../../renditions/progress.js";
import { policyOf } from "../../roles/rendition-life.js";
import { TranscodingThreads } from "../../roles/transcoding-threads.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const htj2k: Command = (args, terminal) => {
  let renderer: TranscodingThreads | undefined;
  return onBench(terminal, ({ config, connections, log }) => {
    const { archive, state, queue, renditions, tracer, announce } = connections;
    const screen = { print: terminal.print, columns: terminal.columns };
    return renditionCommand(args, {
      renditions,
      archive,
      state,
      screen,
      progress: new Progress(screen),
      policy: policyOf(config),
      // Whatever it finds may wait for what arrives now.
      arrival: {
        archive,
        state,
        queue,
        tracer,
        log,
        stableAfterSeconds: config.NEURONOVA_STABLE_AFTER_SECONDS,
        backgroundAfterSeconds: 0,
      },
      verification: () => {
        renderer = new TranscodingThreads(config.NEURONOVA_TRANSCODING_THREADS, orthancSettings(config));
        const atOnce = 2 * config.NEURONOVA_TRANSCODING_THREADS;
        return { renditions, state, renderer, announce, log, atOnce };
      },
    }).finally(() => renderer?.close());
  });
};
