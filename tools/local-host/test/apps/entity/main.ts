import * as df from 'durable-functions'

df.app.entity('counter', (context) => context.df.return(1))
