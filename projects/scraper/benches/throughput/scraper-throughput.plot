scraper-throughput
Pages a second by connections
plot
x log connections
y log pages a second
line asyncio, aiohttp
10 187
100 1752
1000 1567
line tokio, reqwest
10 190
100 1856
1000 11379
line this crate
10 187
100 1676
1000 3510
