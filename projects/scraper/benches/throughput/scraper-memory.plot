scraper-memory
Memory by connections
plot
x log connections
y linear memory at its peak in MB
line asyncio, aiohttp
10 36
100 41
1000 79
line tokio, reqwest
10 6
100 12
1000 50
line this crate
10 7
100 19
1000 79
