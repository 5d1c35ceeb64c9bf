import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { keepUsedRules } from './src/web/styles/keep-used-rules.js'

const PAGES = join(import.meta.dirname, 'src/web')

/** Every word in the sources of our pages: a class that is not among them is nowhere in use. */
function readWords(): Set<string> {
  const files = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  return new Set(files.flatMap((name) => readFileSync(join(PAGES, name), 'utf8').match(/[a-zA-Z][\w-]*/g) ?? []))
}

/** Of Bootstrap's style sheet only what our pages use, in a layer below our own rules. */
function leanBootstrap(): Plugin {
  return {
    name: 'lean-bootstrap',
    enforce: 'pre',
    transform(css, id) {
      if (!id.includes('/bootstrap/dist/css/')) return undefined
      return { code: `@layer bootstrap{${keepUsedRules(css, readWords())}}`, map: null }
    },
  }
}

/** The pages: hashed files only, nothing inline, so that the strict Content-Security-Policy of the server holds. */
export default defineConfig({
  root: 'src/web',
  plugins: [leanBootstrap(), react()],
  build: {
    outDir: '../../dist/app/web',
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs comes in two files: ours, and the libraries, which change less often.
          groups: [
            { name: 'libraries', test: /node_modules/, tags: ['$initial'], priority: 2 },
            { name: 'parts', tags: ['$initial'], priority: 1 },
          ],
        },
      },
    },
  },
  // `npx vite` while working on the pages: RUCHE_DEV_SERVER is the address of a running server. Our own sources lie below /api/, too.
  server: { proxy: { '^/api/(?!.*\\.tsx?(\\?|$))': process.env.RUCHE_DEV_SERVER ?? 'http://localhost:8080' } },
})
