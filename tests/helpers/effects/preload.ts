// Loaded into an agent or a server before its own program (`node --import`): every door through which Node lets a program act on the world is given a
// doorkeeper. So each effect there is, and each there will be, is a point at which the process can be killed or be told that it failed; the product
// knows nothing of it.
import childProcess from 'node:child_process'
import fs from 'node:fs'
import promises from 'node:fs/promises'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { callsAgent, watchAnswers } from './calls.js'
import { watchFiles } from './files.js'
import { begin, makeKeeper } from './keeper.js'
import { watchPrograms } from './programs.js'

const folder = process.env.RUCHE_EFFECTS
if (folder !== undefined) {
  const keeper = makeKeeper(folder)
  await watchFiles(keeper, fs, promises)
  watchPrograms(keeper, childProcess, process)
  callsAgent(keeper, net)
  watchAnswers(keeper, net, http)
  syncBuiltinESMExports()
  begin(keeper)
}
