import * as z from 'zod'

/** Name of a Debian package (deb-control(5)). apt-get(8) would take one that ends in `-` for a removal. */
export const DebianPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.+-]{0,99}[a-z0-9.+]$/, 'not the name of a Debian package')

/** Packages that one site has besides those of its stack: in order, each once. */
export const ExtraPackages = z
  .array(DebianPackage)
  .max(50, 'at most 50 packages')
  .transform((names) => [...new Set(names)].sort())
