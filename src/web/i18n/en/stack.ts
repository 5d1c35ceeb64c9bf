/** What a site is made of, and how that is changed. */
export const stack = {
  packages: {
    title: 'Debian packages',
    text: 'Programs from Debian’s archive that the site’s code needs besides its stack, as in imagemagick. The first site with the same ones waits some minutes for them; then the site is started anew.',
    none: 'None besides those of the stack.',
    new: 'Name of a package',
    invalid: 'This is not the name of a Debian package.',
    there: 'This package is in the list already.',
    remove: 'Remove {{name}}',
    apply: 'Apply',
    unsaved: 'Not applied yet.',
  },
} as const
