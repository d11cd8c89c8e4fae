"""Crawls a site with asyncio and aiohttp: python3 client.py URL CONNECTIONS PAGES"""

import asyncio
import re
import sys
import time
from urllib.parse import urljoin

import aiohttp

LINK = re.compile(r'href="([^"]+)"')


async def crawl(start, connections, pages):
    queue = asyncio.Queue()
    queue.put_nowait(start)
    seen = {start}
    visited = 0

    async def work(session):
        nonlocal visited
        while True:
            url = await queue.get()
            async with session.get(url) as response:
                response.raise_for_status()
                page = await response.text()
            visited += 1
            for link in LINK.findall(page):
                link = urljoin(url, link)
                if len(seen) < pages and link not in seen:
                    seen.add(link)
                    queue.put_nowait(link)
            queue.task_done()

    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        workers = [group.create_task(work(session)) for _ in range(connections)]
        await queue.join()
        for worker in workers:
            worker.cancel()
    return visited


def peak_memory():
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1000


if __name__ == "__main__":
    start, connections, pages = sys.argv[1:]
    began = time.perf_counter()
    visited = asyncio.run(crawl(start, int(connections), int(pages)))
    print(visited, time.perf_counter() - began, peak_memory())
