import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/** Compiled parts that libraries try to load and do without where they cannot: they would fit one system and one Node only. */
const leftOut = /\.node$|^cpu-features$|^pg-native$|^pg-cloudflare$/;
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  enforce: 'pre',
  resolveId: (id) => (leftOut.test(id) ? '\0left-out' : null),
  // Used as a function or taken apart by those who want it, which then know that it is not there.
  load: (id) => (id === '\0left-out' ? 'module.exports = null;' : null),
};

/**
 * Everything from npm is bundled, so that the app runs without node_modules. Only Electron and Node's own modules stay outside.
 * All of main lies in one folder: the history worker is found beside whichever chunk starts it.
 */
export default defineConfig({
  main: {
    plugins: [withoutNativeParts],
    build: {
      externalizeDeps: false,
      sourcemap: true,
      // V8 keeps the source of what it runs: less of it is less memory in an engine that runs for a year.
      minify: true,
      rolldownOptions: {
        input: {
          main: 'electron/main.ts',
          engine: 'electron/engine/process.ts',
          drill: 'electron/drill/process.ts',
          cli: 'electron/engine/cli.ts',
          'history-worker': 'electron/store/history-worker.ts',
          print: 'electron/desk/print-main.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/preload.ts' },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      // The page's policy allows files of its own folder only, so nothing is inlined as a data: address.
      assetsInlineLimit: 0,
      // The page comes from the disk.
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: join(import.meta.dirname, 'renderer', 'index.html') },
    },
  },
});
