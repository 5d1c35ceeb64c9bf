import type { Context } from './context.js'

/** Options of `ruche files`. */
export interface FileOptions {
  replace?: boolean
}

/** Whose files a verb of `ruche files` works on. */
export interface FileWork {
  context: Context
  name: string
  options: FileOptions
}
