import * as z from 'zod'

// Before any schema is used: without this zod compiles its checks with `new Function`, which our Content-Security-Policy refuses.
z.config({ jitless: true })
