# A small image for those who host Digitscope themselves:
#   docker build -t digitscope . && docker run -p 8501:8501 -v digitscope:/store digitscope
FROM python:3.12-slim

RUN useradd --create-home --uid 1000 digitscope \
    && mkdir /store && chown digitscope:digitscope /store
WORKDIR /app

# The list beside Home.py adds PyTorch's CPU wheels, which spares several gigabytes.
COPY requirements.txt ./
COPY dashboard/requirements.txt dashboard/
RUN pip install --no-cache-dir -r dashboard/requirements.txt

COPY .streamlit .streamlit
COPY engine engine
COPY dashboard dashboard
COPY pages pages
COPY docs/onnx.md docs/

USER digitscope
# MNIST is kept here, downloaded once; FASTAI_HOME holds the archive it came in.
ENV DIGITSCOPE_HOME=/store FASTAI_HOME=/store/fastai
VOLUME /store
EXPOSE 8501
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "dashboard/Home.py", "--server.address=0.0.0.0", "--server.port=8501"]
