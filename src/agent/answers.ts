import type { Audit } from './audit.js'
import { makeBackupAnswers } from './backup-answers.js'
import { copyContainer } from './containers/copy.js'
import { createContainer } from './containers/create.js'
import { destroyContainer } from './containers/destroy.js'
import { execInside, openTerminal } from './containers/exec.js'
import { peekIntoArchive, unpackArchive } from './containers/files-archive.js'
import {
  changeSiteFileMode,
  copySiteFile,
  makeSiteFolder,
  removeSiteFile,
  renameSiteFile,
} from './containers/files-change.js'
import { listFiles } from './containers/files-list.js'
import { readSiteFile } from './containers/files-read.js'
import { saveSiteFile } from './containers/files-save.js'
import { searchFiles } from './containers/files-search.js'
import { findUploadedBytes, getSiteFile, packSiteFiles, putSiteFile, statSiteFile } from './containers/files-stream.js'
import type { Hive } from './containers/hive.js'
import { lookAtHost } from './containers/host-status.js'
import { inspectContainer, listContainers } from './containers/inspect.js'
import { readLogs } from './containers/logs.js'
import { probePage } from './containers/probe.js'
import { listPrograms } from './containers/programs.js'
import { sleepContainer } from './containers/sleep.js'
import { lookAtSsh } from './containers/ssh-look.js'
import { startContainer } from './containers/start.js'
import { stopContainer } from './containers/stop.js'
import { stopAllContainers } from './containers/stop-all.js'
import { subscribe } from './containers/subscribe.js'
import {
  buildStackTemplate,
  checkTemplates,
  listChoices,
  listTemplateInfos,
  removeUnusedTemplate,
} from './containers/template-calls.js'
import { purgeTrash, untrashContainer } from './containers/trash.js'
import { updateContainer } from './containers/update.js'
import { makeDatabaseAnswers } from './database-answers.js'
import { examineHost } from './doctor/examine.js'
import type { Answers } from './door-connection.js'
import { PROXY_GROUP, type ProxyProcess } from './proxy-process.js'
import { readAudit } from './read-audit.js'

const nothing = (): Record<string, never> => ({})

/** Which room answers which call. */
export function makeAnswers(hive: Hive, proxy: ProxyProcess, audit: Audit, version: string): Answers {
  return {
    'host.status': () => lookAtHost(hive, version),
    'host.stopAll': async (_, { note }) => {
      await stopAllContainers(hive, note, () => proxy.stop())
      return nothing()
    },
    'host.doctor': async (_, { note }) => ({
      checks: await examineHost(hive, PROXY_GROUP, note),
      resolvers: hive.network.resolvers(),
    }),
    'host.audit': (search) => readAudit(audit.path, search),
    events: (_, caller) => subscribe(hive, caller).then(nothing),
    'container.create': ({ spec }, caller) => createContainer(hive, spec, caller),
    'container.copy': ({ from, spec }, caller) => copyContainer(hive, from, spec, caller),
    'container.start': ({ id }, caller) => startContainer(hive, id, caller),
    'container.stop': ({ id }, caller) => stopContainer(hive, id, caller),
    'container.sleep': ({ id }, caller) => sleepContainer(hive, id, caller),
    'container.update': ({ spec }, caller) => updateContainer(hive, spec, caller),
    'container.destroy': (params, caller) => destroyContainer(hive, params, caller).then(nothing),
    'container.untrash': (params, caller) => untrashContainer(hive, params, caller),
    'trash.purge': ({ key }) => purgeTrash(hive, key).then(nothing),
    'container.get': ({ id }) => inspectContainer(hive, id),
    'container.list': async () => ({ containers: await listContainers(hive) }),
    'container.probe': ({ id, host, path }) => probePage(hive, id, host, path),
    'container.exec': (params, caller) => execInside(hive, params, caller),
    'container.terminal': (params, caller) => openTerminal(hive, params, caller),
    'container.ssh': ({ id }) => lookAtSsh(hive, id),
    'container.logs': ({ id, lines }) => readLogs(hive, id, lines),
    'container.programs': ({ id }) => listPrograms(hive, id),
    'files.list': ({ id, path }) => listFiles(hive, id, path),
    'files.read': ({ id, path }) => readSiteFile(hive, id, path),
    'files.save': ({ id, ...save }) => saveSiteFile(hive, id, save),
    'files.makeFolder': ({ id, path }) => makeSiteFolder(hive, id, path).then(nothing),
    'files.rename': ({ id, from, to }) => renameSiteFile(hive, id, from, to).then(nothing),
    'files.remove': ({ id, path }) => removeSiteFile(hive, id, path).then(nothing),
    'files.stat': ({ id, path }) => statSiteFile(hive, id, path),
    'files.get': (part, caller) => getSiteFile(hive, part, caller).then(nothing),
    'files.put': (put, caller) => putSiteFile(hive, put, caller),
    'files.part': async (part) => ({ receivedBytes: await findUploadedBytes(hive, part) }),
    'files.chmod': ({ id, path, mode }) => changeSiteFileMode(hive, id, path, mode).then(nothing),
    'files.copy': ({ id, from, to }) => copySiteFile(hive, id, from, to).then(nothing),
    'files.pack': (pack, caller) => packSiteFiles(hive, pack, caller),
    'files.peek': (peek) => peekIntoArchive(hive, peek),
    'files.unpack': (unpack, caller) => unpackArchive(hive, unpack, caller).then(nothing),
    'files.search': (search) => searchFiles(hive, search),
    ...makeDatabaseAnswers(hive),
    ...makeBackupAnswers(hive),
    'template.list': async () => ({ templates: await listTemplateInfos(hive) }),
    'template.choices': () => listChoices(hive),
    'template.check': async (_, caller) => ({ templates: await checkTemplates(hive, caller) }),
    'template.build': (params, caller) => buildStackTemplate(hive, params, caller),
    'template.remove': ({ digest }) => removeUnusedTemplate(hive, digest).then(nothing),
    'proxy.reload': () => proxy.reload().then(nothing),
  }
}
