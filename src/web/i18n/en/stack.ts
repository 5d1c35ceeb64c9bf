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
  stackChange: {
    title: 'Stack',
    change: 'Change the stack',
    warning:
      'The site is backed up first and then starts on the other stack, with the same files. Another kind of database begins empty.',
    undo: 'Back to {{stack}}',
    undoAction: 'Go back',
    undoText: 'The site then holds what it held before the change. What it holds now is backed up first.',
  },
  model: {
    title: 'Model',
    text: 'New sites can begin as a copy of this one: files, database and packages, as they are at that moment.',
    for: 'A model for',
    choice: { nobody: 'nobody', owner: 'its owner', everybody: 'everybody who may create sites' },
    begin: 'Begin with',
    empty: 'An empty site',
    copyOf: 'A copy of {{name}} ({{stack}}, by {{owner}})',
  },
} as const
